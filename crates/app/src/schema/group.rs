//! What a chapter's or a part's parameters are together.
use vanishing_core::param::ParamSpec;

/// Parameters that belong together, in their order on the page.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// The name in documents and tests.
    pub slug: &'static str,
    /// The heading.
    pub title: &'static str,
    /// Its parameters.
    pub params: &'static [&'static ParamSpec],
}
