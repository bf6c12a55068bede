//! The service account that lets a workload use a cloud's services, as `IAMPolicyGenerator` makes it.

use crate::source::Place;
use crate::transform::{Fault, Resource, Text};
use crate::yaml::{Data, Key, Map, Node, Options, Rules, Scalar, parse};

const ANNOTATION: &str = "iam.gke.io/gcp-service-account";

/// Which account stands for which.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Where it is asked for.
    pub place: Place,
    /// The name of the account in the cluster.
    pub name: Text,
    /// Its namespace.
    pub namespace: Option<Text>,
    /// The name of the account in the cloud.
    pub account: Text,
    /// The project that this is in.
    pub project: Text,
}

/// Makes the service account of the cluster.
///
/// # Errors
/// When a name is none that YAML takes for a text, a number or a truth without quotes.
pub fn service_account(policy: &Policy) -> Result<Resource, Fault> {
    let place = policy.place;
    let map = |entries: Vec<(&str, Node)>| {
        let entry = |(key, node)| (Key::new(key, place), node);
        Node::map(entries.into_iter().map(entry).collect::<Map>(), place)
    };
    let account =
        format!("{}@{}.iam.gserviceaccount.com", policy.account.text, policy.project.text);
    let account = plain(&Text::new(account, policy.account.place))?;
    let mut metadata =
        vec![("annotations", map(vec![(ANNOTATION, account)])), ("name", plain(&policy.name)?)];
    if let Some(namespace) = &policy.namespace {
        metadata.push(("namespace", plain(namespace)?));
    }
    Ok(Resource::new(map(vec![
        ("apiVersion", Node::string("v1", place)),
        ("kind", Node::string("ServiceAccount", place)),
        ("metadata", map(metadata)),
    ])))
}

/// A scalar that means what its text means without quotes.
fn plain(text: &Text) -> Result<Node, Fault> {
    let options = Options { rules: Rules::GoYamlV3, ..Options::default() };
    let parsed = parse(&format!("k: {}\n", text.text), text.place.file, options).ok();
    let scalar = parsed.as_ref().and_then(|parsed| parsed.first()?.root.get("k")?.as_scalar());
    match scalar.filter(|scalar| scalar.text == text.text) {
        Some(scalar) => {
            Ok(Node::new(Data::Scalar(Scalar { tag: None, ..scalar.clone() }), text.place))
        }
        None => {
            let message =
                format!("kustomize writes `{}` without quotes, where it is no name", text.text);
            Err(Fault { message, place: text.place, hint: "write a name that needs no quotes" })
        }
    }
}
