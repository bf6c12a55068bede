//! What a target renders, whatever the checks say of it: for explanations, which help to mend that.

use super::{Builder, Unchecked};
use crate::diag::{Failure, Sink};
use crate::render::Threads;
use crate::workspace::Target;

impl Builder<'_> {
    /// Renders one target without checking its manifests. Nothing of it can be written.
    ///
    /// # Errors
    /// When its values cannot be merged or judged, its templates fail, or what they make are no objects.
    pub fn unchecked(&self, target: &Target) -> Result<Unchecked, Failure> {
        Self::learn_secrets(self.workspace, &[target]);
        let mut sink = Sink::for_target(self.workspace.files(), target.in_messages());
        let drawn = Threads::exactly(1).run(|| self.draw(target, None, &mut sink));
        match drawn {
            // What was told besides does not keep the manifests from being explained.
            Ok(drawn) => {
                let (manifests, trace, dependencies) =
                    (drawn.manifests, drawn.trace, drawn.dependencies);
                Ok(Unchecked { manifests, trace, dependencies })
            }
            Err(_) => Err(sink.finish().expect_err("an error was reported")),
        }
    }
}
