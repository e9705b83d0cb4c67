//! What a reader takes away from a figure: its link, its picture, its numbers, the code that makes them.
use crate::address::Chosen;
use crate::chapters::WORKBENCH;
use crate::effects::{Download, Effects, EmbedText, Sheet, TableText};
use crate::{embedding, pictures, script};
use std::collections::{BTreeMap, BTreeSet};
use vanishing_charts::figures::{self, FigureSpec};
use vanishing_charts::table::Table;
use vanishing_charts::{Model, Theme, format};
use vanishing_core::studies::opened::SharedNetwork;

/// What can be done with a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// Copy a link that leads to it.
    Link,
    /// Save it as a PNG picture.
    Png,
    /// Save it as an SVG document.
    Svg,
    /// Save its numbers.
    Csv,
    /// Show its numbers beneath it.
    Table,
    /// Show the code that computes its numbers.
    Code,
    /// Show how it is put into another page.
    Embed,
    /// Copy that code.
    CopyCode,
    /// Save that code.
    SaveCode,
}

/// The ways that have a button under each figure: what the button's action begins with, and what it says.
pub static WAYS: [(Way, &str, &str); 7] = [
    (Way::Link, "link", "Copy link"),
    (Way::Png, "png", "Save PNG"),
    (Way::Svg, "svg", "Save SVG"),
    (Way::Csv, "csv", "Save CSV"),
    (Way::Table, "table", "Table"),
    (Way::Code, "code", "Code"),
    (Way::Embed, "embed", "Embed"),
];

/// Rows of a table on the page; a file has all.
const MOST_ROWS: usize = 200;

/// The figure of a slug.
pub fn figure(slug: &str) -> Option<&'static FigureSpec> {
    figures::find(slug)
}

/// The buttons under a figure, as in [`WAYS`]: not every figure has code.
pub fn ways(slug: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let has_code = script::has(slug);
    WAYS.iter().filter(move |(way, ..)| *way != Way::Code || has_code).map(|(_, name, words)| (*name, *words))
}

/// What there is to take away: the page as it stands.
pub struct Source<'a> {
    /// The studies, of which pictures and tables are made.
    pub model: &'a Model,
    /// What they are results of.
    pub chosen: &'a Chosen,
    /// The opened network, where it is shown.
    pub opened: Option<&'a SharedNetwork>,
    /// The whole address.
    pub query: String,
    /// The theme that is worn.
    pub theme: Theme,
    /// The width of a figure on the page in CSS pixels, by its slug.
    pub width: &'a dyn Fn(&str) -> Option<f64>,
    /// The label of a control, by its key, if it is shown.
    pub label: &'a dyn Fn(&str) -> Option<&'static str>,
}

impl Source<'_> {
    /// The code that computes a figure's numbers, if there is any.
    fn code(&self, slug: &str) -> Option<String> {
        script::of(slug, self.chosen, self.opened)
    }

    /// Does one of the things that leave nothing on the page.
    pub fn take(&self, way: Way, spec: &'static FigureSpec, effects: &mut Effects) {
        let file = |ending: &str, kind: &'static str, text: String| Download {
            name: file_name(spec.slug, ending),
            kind,
            text,
        };
        match way {
            Way::Link => effects.copy_query = Some(format!("{}#{}", self.query, anchor(spec.slug))),
            Way::Png => effects.picture = Some(spec.slug),
            #[cfg(feature = "svg")]
            Way::Svg => {
                let width = (self.width)(spec.slug).map_or(pictures::WIDTH, |width| width.round() as u32);
                match pictures::svg(spec.slug, self.model, self.theme, width) {
                    Ok(text) => effects.download = Some(file("svg", "image/svg+xml", text)),
                    Err(why) => effects.announce = Some(why),
                }
            }
            Way::Csv => {
                let text = pictures::table(spec.slug, self.model).unwrap_or_default().to_csv();
                effects.download = Some(file("csv", "text/csv", text));
            }
            Way::CopyCode => effects.copy_text = self.code(spec.slug),
            Way::SaveCode => {
                effects.download = self.code(spec.slug).map(|text| file("py", "text/x-python", text));
            }
            #[cfg(not(feature = "svg"))]
            Way::Svg => {}
            Way::Table | Way::Code | Way::Embed => {}
        }
    }

    /// How a figure is put into another page as it stands.
    fn embed_text(&self, slug: &str) -> EmbedText {
        let names: Vec<&str> = embedding::controls_of(slug).iter().filter_map(|key| (self.label)(key)).collect();
        let says = if names.is_empty() {
            "A reader will be able to look at it, and to move what can be moved in the picture.".to_owned()
        } else {
            format!("A reader will be able to change {}, unless it is locked or hidden here.", names.join(", "))
        };
        // The matrix is of little use without what follows from it: its code is the whole workbench's.
        let keys = embedding::controls_of(slug).iter();
        let controls = keys.filter_map(|key| (self.label)(key).map(|label| (*key, label.to_owned()))).collect();
        let slug = if slug == figures::workbench_matrix::SPEC.slug { WORKBENCH } else { slug };
        EmbedText { query: self.chosen.query_alone(slug), says, controls }
    }

    /// What stands beneath a figure in which these ways are open.
    fn sheet(&self, slug: &'static str, ways: &BTreeSet<Way>) -> Sheet {
        let table = || pictures::table(slug, self.model).map(|table| text(slug, &table));
        Sheet {
            figure: slug,
            table: ways.contains(&Way::Table).then(table).flatten(),
            code: ways.contains(&Way::Code).then(|| self.code(slug)).flatten(),
            embed: ways.contains(&Way::Embed).then(|| self.embed_text(slug)),
        }
    }
}

/// What stands open beneath the figures. A figure whose last sheet was closed stays in it, with nothing open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheets(BTreeMap<&'static str, BTreeSet<Way>>);

impl Sheets {
    /// Opens a sheet beneath a figure, or closes it.
    pub fn toggle(&mut self, slug: &'static str, way: Way) {
        let open = self.0.entry(slug).or_default();
        if !open.remove(&way) {
            open.insert(way);
        }
    }

    /// What stands beneath the figures.
    pub fn all(&self, source: &Source<'_>) -> Vec<Sheet> {
        self.0.iter().map(|(slug, ways)| source.sheet(slug, ways)).collect()
    }
}

/// The name of a file with something of a figure.
pub fn file_name(slug: &str, ending: &str) -> String {
    format!("vanishing-point-{slug}.{ending}")
}

/// The title of a figure.
pub fn title(slug: &str) -> &'static str {
    figures::find(slug).map_or(if slug == WORKBENCH { "The workbench" } else { "" }, |spec| spec.title)
}

/// The id of a figure on the page.
pub fn anchor(slug: &str) -> String {
    format!("figure-{slug}")
}

/// A table for people.
fn text(slug: &str, table: &Table) -> TableText {
    let mut rows = table.text_rows();
    let title = title(slug);
    let caption = if rows.len() > MOST_ROWS {
        let all = format::count(rows.len() as u64);
        rows.truncate(MOST_ROWS);
        format!("{title}: the first {MOST_ROWS} of {all} rows. The CSV file has all.")
    } else {
        format!("{title}: every number of the picture.")
    };
    TableText { caption, headings: table.headings(), rows }
}
