//! The codes with which a figure is put into another page.
use crate::address;
use vanishing_app::takeaway;

/// Where a page that was opened from a file would be published: nobody knows yet.
pub const SOMEWHERE: &str = "https://YOUR-SERVER.example/vanishing-point/";

/// What is seen in the place of an element whose script was refused or does not come; the script takes it away.
const REFUSED: &str = "If this stays here instead of a figure, the server of vanishing-figure.js has to send the header \
    “Access-Control-Allow-Origin: *”.";

/// A link that others can follow. That of a file cannot be followed from another machine.
fn published(link: &str) -> String {
    if !link.starts_with("file:") {
        return link.to_owned();
    }
    let query = link.find(['?', '#']).map_or("", |start| &link[start..]);
    format!("{SOMEWHERE}index.html{query}")
}

/// The codes that embed a figure as it stands: a frame of that height in CSS pixels, and an element.
pub fn codes(query: &str, slug: &str, height: f64) -> (String, String) {
    let link = published(&address::link(query));
    let escaped = link.replace('&', "&amp;");
    let base = link.split(['?', '#']).next().unwrap_or_default().to_owned();
    let folder = base.rsplit_once('/').map_or(base.as_str(), |(folder, _)| folder);
    let frame = format!(
        "<iframe src=\"{escaped}\" title=\"{}\" width=\"100%\" height=\"{height}\" style=\"border:0\" loading=\"lazy\"></iframe>",
        takeaway::title(slug)
    );
    let pairs = query.split('&').filter(|pair| !pair.starts_with("only="));
    let attributes: Vec<String> = pairs
        .filter_map(|pair| pair.split_once('='))
        .map(|(key, value)| format!(" {key}=\"{}\"", value.replace('&', "&amp;")))
        .collect();
    let element = format!(
        "<script type=\"module\" src=\"{folder}/vanishing-figure.js\"></script>\n<vanishing-figure figure=\"{slug}\"{}>{REFUSED}</vanishing-figure>",
        attributes.concat()
    );
    (frame, element)
}

#[cfg(test)]
mod tests {
    use super::{SOMEWHERE, published};

    #[test]
    fn a_link_to_a_file_becomes_one_to_a_server_yet_to_be_named() {
        assert_eq!(published("https://a.org/x/?gain=2#top"), "https://a.org/x/?gain=2#top");
        assert_eq!(published("file:///home/me/vanishing-point.html?gain=2"), format!("{SOMEWHERE}index.html?gain=2"));
        assert_eq!(published("file:///home/me/vanishing-point.html"), format!("{SOMEWHERE}index.html"));
    }
}
