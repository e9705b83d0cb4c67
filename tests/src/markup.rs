//! The page as it is written: `index.html` with the parts that Trunk puts into it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

/// What a part's link begins with; its file, from the top of the repository, and `" type="html">` follow.
const PART: &str = "<link data-trunk rel=\"inline\" href=\"";

static PAGE: LazyLock<String> = LazyLock::new(|| {
    let mut links = read("index.html");
    let mut page = String::new();
    while let Some((before, after)) = links.split_once(PART) {
        let (file, rest) =
            after.split_once("\" type=\"html\">").unwrap_or_else(|| panic!("a part's link: {after:.80}"));
        page += before;
        page += &read(file);
        links = rest.to_owned();
    }
    page + links.as_str()
});

/// The HTML of the whole page.
///
/// # Panics
/// When a part is missing.
pub fn page() -> &'static str {
    &PAGE
}

/// The queries of the presets that have a name, by their `id` without `preset-`.
///
/// # Panics
/// When a part is missing, or a preset is written otherwise than all others.
pub fn presets() -> BTreeMap<&'static str, String> {
    let links = page().split("<a data-preset").skip(1).map(|link| link.split_once('>').map_or(link, |(tag, _)| tag));
    let named = links.filter_map(|tag| Some((attribute(tag, "id")?.strip_prefix("preset-")?, tag)));
    named
        .map(|(name, tag)| {
            let query = attribute(tag, "href").and_then(|address| address.strip_prefix('?'));
            let query = query.map(|query| query.split('#').next().unwrap_or(query));
            (name, query.unwrap_or_else(|| panic!("{name} has no query")).replace("&amp;", "&"))
        })
        .collect()
}

/// The value of an attribute within a tag, as it is written.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (before, value) = tag.split_once(&format!("{name}=\""))?;
    before.ends_with(char::is_whitespace).then(|| value.split('"').next())?
}

fn read(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
    fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}
