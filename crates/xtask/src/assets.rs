//! What of a page that Trunk built becomes one file, or is taken along: its style sheets, and the pictures for readers
//! without scripts.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha384};

use crate::Outcome;
use crate::publish::hex;

/// The folder of the pictures within the page.
const PICTURES: &str = "pictures/";

/// Makes one style sheet of all that the page in `dist` names, in their order, so that nothing is painted later than
/// with one. Returns the page that names it.
///
/// # Errors
/// When the page names none, or a file cannot be read or written.
pub fn join_styles(dist: &Path, page: &str) -> Outcome<String> {
    let (mut rest, mut kept, mut sheets, mut place) = (page, String::new(), Vec::new(), None);
    while let Some((before, after)) = rest.split_once("<link") {
        let (tag, behind) = after.split_once('>').context("a link of the page does not end")?;
        kept += before;
        if attribute(tag, "rel") == Some("stylesheet") {
            let name = attribute(tag, "href").context("a style sheet has no address")?.trim_start_matches("./");
            sheets.push(fs::read(dist.join(name)).with_context(|| format!("the page has no style sheet {name}"))?);
            fs::remove_file(dist.join(name)).with_context(|| format!("could not remove {name}"))?;
            // What stood between two of them is white space.
            place.get_or_insert(kept.len());
            rest = if sheets.len() > 1 { behind.trim_start() } else { behind };
            continue;
        }
        kept += &format!("<link{tag}>");
        rest = behind;
    }
    let Some(place) = place else { bail!("the page has no style sheet") };
    let all = sheets.join(&b'\n');
    let name = format!("style-{}.css", &hex(&all)[..16]);
    fs::write(dist.join(&name), &all).with_context(|| format!("could not write {name}"))?;
    let hash = STANDARD.encode(Sha384::digest(&all));
    kept.insert_str(place, &format!("<link rel=\"stylesheet\" href=\"./{name}\" integrity=\"sha384-{hash}\"/>"));
    Ok(kept + rest)
}

/// Copies the pictures that the page names from `goldens` into its folder `dist`.
///
/// # Errors
/// When the page names no picture or one that `goldens` does not have, or a file cannot be written.
pub fn copy_pictures(dist: &Path, page: &str, goldens: &Path) -> Outcome {
    let sources = page.split("<img").skip(1).filter_map(|tag| attribute(tag, "src"));
    let names: BTreeSet<&str> = sources.filter_map(|source| source.strip_prefix(PICTURES)).collect();
    if names.is_empty() {
        bail!("the page names no picture in {PICTURES}");
    }
    let folder = dist.join(PICTURES);
    fs::create_dir_all(&folder).with_context(|| format!("could not make {}", folder.display()))?;
    for name in names {
        fs::copy(goldens.join(name), folder.join(name))
            .with_context(|| format!("the page names the picture {name}, and {} has none", goldens.display()))?;
    }
    Ok(())
}

/// The value of an attribute of a tag.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let tag = tag.split_once('>').map_or(tag, |(tag, _)| tag);
    tag.split_once(&format!("{name}=\""))?.1.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder of a test, which is gone afterwards.
    struct Folder(std::path::PathBuf);

    impl Folder {
        fn new(name: &str, files: &[(&str, &str)]) -> Self {
            let path = std::env::temp_dir().join(format!("vanishing-{name}-{}", std::process::id()));
            fs::create_dir_all(&path).unwrap();
            for (file, text) in files {
                fs::write(path.join(file), text).unwrap();
            }
            Self(path)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn style_sheets_become_one_in_their_order_and_where_the_first_stood() {
        let dist = Folder::new("styles", &[("b-1.css", "b{}"), ("a-2.css", "a{}")]);
        let page = "<link rel=\"icon\" href=\"x\">\n<link rel=\"stylesheet\" href=\"./b-1.css\"/>\n\
                    <link rel=\"stylesheet\" href=\"./a-2.css\"/>\n<script>";
        let joined = join_styles(&dist.0, page).unwrap();
        let files: Vec<_> = fs::read_dir(&dist.0).unwrap().map(|entry| entry.unwrap().path()).collect();
        let [only] = &files[..] else { panic!("{files:?}") };
        assert_eq!(fs::read_to_string(only).unwrap(), "b{}\na{}");
        let name = only.file_name().unwrap().to_str().unwrap();
        let sheet = format!("<link rel=\"stylesheet\" href=\"./{name}\" integrity=\"");
        assert!(joined.starts_with(&format!("<link rel=\"icon\" href=\"x\">\n{sheet}")), "{joined}");
        assert!(joined.ends_with("\"/>\n<script>"), "{joined}");
        assert!(join_styles(&dist.0, "<link rel=\"icon\">").is_err());
    }

    #[test]
    fn every_picture_that_the_page_names_is_taken_along_and_none_may_be_missing() {
        let (dist, goldens) = (Folder::new("dist", &[]), Folder::new("goldens", &[("a.svg", "A"), ("b.svg", "B")]));
        let page = |name: &str| format!("<noscript><img src=\"pictures/{name}\"\nalt=\"A\"></noscript>");
        copy_pictures(&dist.0, &page("a.svg"), &goldens.0).unwrap();
        assert_eq!(fs::read_to_string(dist.0.join("pictures/a.svg")).unwrap(), "A");
        assert!(!dist.0.join("pictures/b.svg").exists());
        let why = copy_pictures(&dist.0, &page("c.svg"), &goldens.0).unwrap_err();
        assert!(why.to_string().contains("c.svg"), "{why}");
        assert!(copy_pictures(&dist.0, "<p>", &goldens.0).is_err());
    }
}
