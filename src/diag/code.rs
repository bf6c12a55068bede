//! The stable names of everything that can be wrong.

/// Declares the codes: variant, stable name, default severity by being an error unless the place
/// that reports it says otherwise; the doc comment is the manual entry.
macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal,)+) => {
        /// A stable name of one kind of finding, `stage/name`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Code {
            /// Every code, in the order of the pipeline.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable name, such as `values/unknown-key`.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// The manual entry: what it means and what to do.
            #[must_use]
            pub fn manual(self) -> &'static str {
                match self {
                    $(Self::$variant => concat!($($doc, "\n",)+),)+
                }
            }
        }
    };
}

codes! {
    // source
    /// A file or folder that something names is not there. Create it or correct the name.
    SourceMissing = "source/missing",
    /// A path leads out of the root folder, by `..` or by a link. Keep everything that a workspace
    /// reads inside of it.
    SourceOutsideRoot = "source/outside-root",
    /// A path is a folder, fifo, socket or device where a regular file is needed.
    SourceNotAFile = "source/not-a-file",
    /// A file or folder is larger than jibe reads. Split it.
    SourceTooLarge = "source/too-large",
    /// A file's bytes are not UTF-8. Save it as UTF-8.
    SourceNotUtf8 = "source/not-utf8",
    /// A file holds one of the characters U+10FF00 to U+10FF0F, which templates use as marks.
    SourceReservedCharacter = "source/reserved-character",
    /// The operating system refuses to read a path.
    SourceUnreadable = "source/unreadable",

    // yaml
    /// The text is not YAML. The message says what the reader expected at that place.
    YamlSyntax = "yaml/syntax",
    /// A map has the same key twice. Kubernetes tools take the last one in silence; remove one.
    YamlDuplicateKey = "yaml/duplicate-key",
    /// The text is deeper, larger or expands to more nodes than jibe reads.
    YamlLimit = "yaml/limit",
    /// A key is null, a list or a map, which no Kubernetes tool reads.
    YamlKey = "yaml/key",
    /// A number or a tag that Kubernetes cannot take: `.inf`, `.nan`, unknown tags, broken `!!binary`.
    YamlValue = "yaml/value",
    /// An alias without an anchor, an anchor that holds itself, or a `<<` that is no map.
    YamlAlias = "yaml/alias",
    /// A file of jibe's own has a field that it does not know. The hint names the nearest one.
    YamlUnknownField = "yaml/unknown-field",
    /// A file of jibe's own lacks a field that it needs. Add it.
    YamlMissingField = "yaml/missing-field",
    /// A value in a file of jibe's own is of another type than is needed there, such as a number
    /// instead of a string.
    YamlType = "yaml/type",
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
