//! Whether two builds of the same input gave the same.

use super::hunk::is_secret;
use super::{File, Tree, below};
use crate::diag::{Code, Diagnostic, Sink};
use crate::source::RelPath;
use std::collections::BTreeMap;

/// What a person can do about it.
const HINT: &str = "the same input must give the same bytes, so this is a mistake in jibe and not in \
                    your files: report it, with this chart and its values";

impl Tree {
    /// Reports every file that `again`, another build of the same targets, has otherwise: a byte of its
    /// text, the targets that it is for, or that it is there at all.
    pub fn expect_same(&self, again: &Self, sink: &mut Sink) {
        let (once, again) = (self.by_path(), again.by_path());
        for (path, file) in &once {
            if let Some(how) = unlike(file, again.get(path).copied()) {
                sink.error(finding(path, file, &how));
            }
        }
        for (path, file) in again.iter().filter(|(path, _)| !once.contains_key(*path)) {
            sink.error(finding(path, file, "it is there the second time only"));
        }
    }

    fn by_path(&self) -> BTreeMap<RelPath, &File> {
        let files = self.folders.iter().flat_map(|(folder, files)| {
            files.iter().map(move |(name, file)| (below(folder, name), file))
        });
        files.collect()
    }
}

/// Reports that the findings of two builds of the same targets, as they are shown, differ.
pub(crate) fn expect_same_findings(once: &str, again: &str, sink: &mut Sink) {
    if once != again {
        let how = first_difference(once, again);
        let message = format!("rendered twice, what is found is not the same: {how}");
        sink.error(Diagnostic::error(Code::TreeNotTheSame, message).hint(HINT));
    }
}

/// How a file differs from what it is the second time.
fn unlike(once: &File, again: Option<&File>) -> Option<String> {
    let Some(again) = again else { return Some("it is there the first time only".into()) };
    if once.text != again.text {
        return Some(first_difference(&once.text, &again.text));
    }
    (once.owners != again.owners).then(|| "it is for other targets".into())
}

/// The first line in which two different texts differ; what stands in a Secret is not told.
fn first_difference(once: &str, again: &str) -> String {
    let (mut first, mut second) = (once.split_inclusive('\n'), again.split_inclusive('\n'));
    let mut line = 1;
    loop {
        let (one, other) = (first.next(), second.next());
        if one != other {
            let hidden = is_secret(once) || is_secret(again);
            let shown = |text: Option<&str>| match text {
                None => "nothing".to_owned(),
                Some(_) if hidden => "something hidden".to_owned(),
                Some(text) => format!("`{}`", text.escape_debug()),
            };
            return format!("line {line} is first {}, then {}", shown(one), shown(other));
        }
        line += 1;
    }
}

fn finding(path: &RelPath, file: &File, how: &str) -> Diagnostic {
    let owners: Vec<_> = file.owners.iter().map(|owner| format!("`{owner}`")).collect();
    let message =
        format!("rendered twice, `{path}` of {} is not the same: {how}", owners.join(", "));
    Diagnostic::error(Code::TreeNotTheSame, message).at(file.place, "makes the file").hint(HINT)
}

#[cfg(test)]
mod tests {
    use super::expect_same_findings;
    use crate::diag::{Code, Sink};
    use crate::tree::Tree;
    use crate::tree::tests::{lot, place, tree, web};

    fn check(once: &Tree, again: &Tree, expect: &[&str]) {
        let mut sink = Sink::new(&place().0);
        once.expect_same(again, &mut sink);
        let found = match sink.finish() {
            Ok(_) => Vec::new(),
            Err(failure) => failure.diagnostics().to_vec(),
        };
        let told: Vec<_> = found
            .iter()
            .map(|finding| {
                assert_eq!(finding.code, Code::TreeNotTheSame);
                assert!(finding.at.is_some() && finding.hints[0].contains("report it"));
                finding.message.replace("rendered twice, ", "")
            })
            .collect();
        assert_eq!(told, expect);
    }

    #[test]
    fn the_same_bytes_are_the_same() {
        check(&web(&[("a", "1\n"), ("b", "2\n")]), &web(&[("b", "2\n"), ("a", "1\n")]), &[]);
    }

    #[test]
    fn one_other_byte_is_told_with_its_target_file_and_line() {
        check(
            &web(&[("a", "x: 1\ny: 2\n")]),
            &web(&[("a", "x: 1\ny: 3\n")]),
            &[
                "`prod/shop/web/configmap-a.yaml` of `prod/shop/web` is not the same: line 2 is first `y: 2\\n`, then `y: 3\\n`",
            ],
        );
    }

    #[test]
    fn a_line_more_or_less_is_told() {
        let (short, long) = (web(&[("a", "x: 1\n")]), web(&[("a", "x: 1\ny: 3\n")]));
        let told = |how| {
            format!("`prod/shop/web/configmap-a.yaml` of `prod/shop/web` is not the same: {how}")
        };
        check(&short, &long, &[&told("line 2 is first nothing, then `y: 3\\n`")]);
        check(&long, &short, &[&told("line 2 is first `y: 3\\n`, then nothing")]);
    }

    #[test]
    fn a_file_that_is_there_only_once_is_told() {
        check(
            &web(&[("a", "1\n"), ("b", "2\n")]),
            &web(&[("a", "1\n"), ("c", "2\n")]),
            &[
                "`prod/shop/web/configmap-b.yaml` of `prod/shop/web` is not the same: it is there the first time only",
                "`prod/shop/web/configmap-c.yaml` of `prod/shop/web` is not the same: it is there the second time only",
            ],
        );
    }

    #[test]
    fn a_file_for_another_target_is_told() {
        let mut lots = [lot("prod/shop/web", &[("a", "1\n")]), lot("prod/shop/api", &[])];
        let once = tree(&lots);
        lots.iter_mut().for_each(|lot| lot.target = format!("other/{}", lot.target).into());
        check(
            &once,
            &tree(&lots),
            &[
                "`prod/shop/web/configmap-a.yaml` of `prod/shop/web` is not the same: it is for other targets",
            ],
        );
    }

    #[test]
    fn a_secret_is_not_told() {
        let secret = |data: &str| web(&[("a", &format!("data:\n  a: {data}\nkind: Secret\n"))]);
        check(
            &secret("c2VjcmV0"),
            &secret("b3RoZXI="),
            &[
                "`prod/shop/web/configmap-a.yaml` of `prod/shop/web` is not the same: line 2 is first something hidden, then something hidden",
            ],
        );
    }

    #[test]
    fn findings_in_another_order_are_told() {
        let mut sink = Sink::new(&place().0);
        expect_same_findings("a\nb\n", "a\nb\n", &mut sink);
        assert!(sink.passed().is_ok());
        expect_same_findings("a\nb\n", "b\na\n", &mut sink);
        let failure = sink.finish().expect_err("a finding");
        assert_eq!(
            failure.diagnostics()[0].message,
            "rendered twice, what is found is not the same: line 1 is first `a\\n`, then `b\\n`"
        );
    }
}
