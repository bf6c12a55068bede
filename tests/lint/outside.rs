//! What a server calls a field, and what it is called in its manifest.

/// How a server calls the parts of a custom resource definition inside, and what they are called in its manifest. What all
/// versions have in common is named once there.
const INSIDE: &[(&str, &str)] = &[
    ("spec.validation.", "spec.versions[0].schema."),
    ("spec.subresources.", "spec.versions[0].subresources."),
    ("spec.additionalPrinterColumns[", "spec.versions[0].additionalPrinterColumns["),
    ("spec.selectableFields", "spec.versions[0].selectableFields"),
    ("spec.conversion.webhookClientConfig", "spec.conversion.webhook.clientConfig"),
    (
        "spec.conversion.conversionReviewVersions",
        "spec.conversion.webhook.conversionReviewVersions",
    ),
];

/// The path of a field as its manifest has it.
pub(crate) fn outside(server: &str) -> String {
    let known = INSIDE.iter().find_map(|(inside, outside)| {
        server.strip_prefix(inside).map(|rest| format!("{outside}{rest}"))
    });
    let path = known.unwrap_or_else(|| server.to_owned());
    match path.strip_suffix(".JSONPath") {
        Some(column) => format!("{column}.jsonPath"),
        None => path,
    }
}
