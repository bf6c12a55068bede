//! Choices that a seed decides.

#[path = "../random/mod.rs"]
mod stream;

pub(crate) use stream::Random;

impl Random {
    /// One of the choices, if there are any.
    pub(crate) fn pick<'a, T>(&mut self, choices: &'a [T]) -> Option<&'a T> {
        if choices.is_empty() { None } else { choices.get(self.below(choices.len())) }
    }

    /// One of the choices; each as often as its weight says.
    pub(crate) fn weighted<'a, T>(
        &mut self,
        choices: &'a [T],
        weight: impl Fn(&T) -> usize,
    ) -> Option<&'a T> {
        let whole: usize = choices.iter().map(&weight).sum();
        let mut left = if whole == 0 { return None } else { self.below(whole) };
        choices.iter().find(|choice| {
            let is_it = left < weight(choice);
            left = left.saturating_sub(weight(choice));
            is_it
        })
    }
}
