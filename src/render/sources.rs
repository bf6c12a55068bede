//! The texts that a renderer is made of.

use crate::source::Source;
use std::sync::Arc;

/// The templates and text files of a chart, and those of the charts whose macros it uses.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The chart's name: `chart.name`.
    pub name: String,
    /// The chart's version: `chart.version`.
    pub version: String,
    /// Where the chart's defaults are set, as a user would write the path.
    pub values_file: String,
    /// Files in `templates/`: name below it, and text. Those whose file name begins with `_` or is
    /// not that of a YAML file print nothing themselves.
    pub templates: Vec<(String, Arc<Source>)>,
    /// Files in `files/`: name below it, and text.
    pub texts: Vec<(String, Arc<Source>)>,
    /// Charts whose macros the templates import as `NAME/FILE`.
    pub libraries: Vec<(String, Self)>,
}
