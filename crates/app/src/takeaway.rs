//! What a reader takes away from a figure: its link, its picture, its numbers, the code that makes them.
use crate::effects::{Download, Effects, EmbedText, Sheet, TableText};
use crate::embedding;
use crate::lab::{Lab, query_of_all};
use crate::script;
use vanishing_charts::figures::{self, FigureSpec};
use vanishing_charts::format;
use vanishing_charts::table::Table;

/// What can be done with a figure: what its action begins with, and what its button says.
pub static WAYS: [(&str, &str); 7] = [
    ("link", "Copy link"),
    ("png", "Save PNG"),
    ("svg", "Save SVG"),
    ("csv", "Save CSV"),
    ("table", "Table"),
    ("code", "Code"),
    ("embed", "Embed"),
];

/// Rows of a table on the page; a file has all.
const MOST_ROWS: usize = 200;
/// CSS pixels of a picture whose figure has no size yet.
const WIDTH: u32 = 760;

/// The figure and the way of an action such as `csv:gradient-norms`.
pub fn find(action: &str) -> Option<(&'static str, &'static FigureSpec)> {
    let (way, slug) = action.split_once(':')?;
    let mut known = WAYS.iter().map(|(way, _)| *way).chain(["copy-code", "save-code"]);
    let way = known.find(|own| *own == way)?;
    figures::find(slug).map(|spec| (way, spec))
}

/// The ways that a figure has: not every one has code.
pub fn ways(slug: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let has_code = script::has(slug);
    WAYS.iter().copied().filter(move |(way, _)| *way != "code" || has_code)
}

impl Lab {
    /// Width and height of a figure's picture in CSS pixels, as it stands on the page.
    pub fn print_size(&self, slug: &str) -> Option<(f64, f64)> {
        let spec = figures::find(slug)?;
        let width = self.width(slug).unwrap_or(f64::from(WIDTH));
        Some((width, self.height(slug).unwrap_or_else(|| spec.height(width, 1))))
    }

    /// Does something with a figure.
    pub(crate) fn take_away(&mut self, way: &str, spec: &'static FigureSpec, effects: &mut Effects) {
        let file = |ending: &str, kind: &'static str, text: String| Download {
            name: file_name(spec.slug, ending),
            kind,
            text,
        };
        match way {
            "link" => effects.copy_query = Some(format!("{}#{}", self.query(), anchor(spec.slug))),
            "png" => effects.picture = Some(spec.slug),
            #[cfg(feature = "svg")]
            "svg" => {
                let width = self.width(spec.slug).map_or(WIDTH, |width| width.round() as u32);
                match self.svg(spec.slug, width) {
                    Ok(text) => effects.download = Some(file("svg", "image/svg+xml", text)),
                    Err(why) => effects.announce = Some(why),
                }
            }
            "csv" => {
                let text = self.table(spec.slug).unwrap_or_default().to_csv();
                effects.download = Some(file("csv", "text/csv", text));
            }
            "copy-code" => effects.copy_text = script::of(spec.slug, self.settings(), self.lanes(), self.own_network()),
            "save-code" => {
                let code = script::of(spec.slug, self.settings(), self.lanes(), self.own_network());
                effects.download = code.map(|text| file("py", "text/x-python", text));
            }
            "table" | "code" | "embed" => {
                let sheet = self.sheets.entry(spec.slug).or_default();
                let known = WAYS.iter().map(|(own, _)| *own).find(|own| *own == way);
                if let Some(way) = known.filter(|way| !sheet.remove(way)) {
                    sheet.insert(way);
                }
                self.tell_sheets(effects);
            }
            _ => {}
        }
    }

    /// How a figure is put into another page as it stands.
    fn embed_text(&self, slug: &str) -> EmbedText {
        let own = query_of_all(self.settings(), self.lanes());
        let alone = form_urlencoded::Serializer::new(own).append_pair("only", slug).finish();
        let shown = embedding::controls_of(slug).iter().filter_map(|key| self.control(key)).filter(|own| own.shown);
        let names: Vec<&str> = shown.map(|own| own.spec.label).collect();
        let says = if names.is_empty() {
            "A reader will be able to look at it, and to move what can be moved in the picture.".to_owned()
        } else {
            format!(
                "A reader will be able to change {}. With lock=KEY in the address a control is shown and cannot be moved, with hide=KEY it is not shown.",
                names.join(", ")
            )
        };
        EmbedText { query: alone, says }
    }

    /// Brings what stands open beneath the figures up to date.
    pub(crate) fn tell_sheets(&mut self, effects: &mut Effects) {
        let open: Vec<_> = self.sheets.iter().map(|(slug, ways)| (*slug, ways.clone())).collect();
        for (slug, ways) in open {
            let has = |way: &str| ways.contains(way);
            let sheet = Sheet {
                figure: slug,
                table: has("table").then(|| self.table(slug).map(|table| text(slug, &table))).flatten(),
                code: has("code")
                    .then(|| script::of(slug, self.settings(), self.lanes(), self.own_network()))
                    .flatten(),
                embed: has("embed").then(|| self.embed_text(slug)),
            };
            if self.told_sheets.get(slug) != Some(&sheet) {
                self.told_sheets.insert(slug, sheet.clone());
                effects.sheets.push(sheet);
            }
        }
    }
}

/// The name of a file with something of a figure.
pub fn file_name(slug: &str, ending: &str) -> String {
    format!("vanishing-point-{slug}.{ending}")
}

/// The title of a figure.
pub fn title(slug: &str) -> &'static str {
    figures::find(slug).map_or("", |spec| spec.title)
}

/// The id of a figure on the page.
pub fn anchor(slug: &str) -> String {
    format!("figure-{slug}")
}

/// A table for people.
fn text(slug: &str, table: &Table) -> TableText {
    let mut rows = table.text_rows();
    let title = figures::find(slug).map_or("", |spec| spec.title);
    let caption = if rows.len() > MOST_ROWS {
        let all = format::count(rows.len() as u64);
        rows.truncate(MOST_ROWS);
        format!("{title}: the first {MOST_ROWS} of {all} rows. The CSV file has all.")
    } else {
        format!("{title}: every number of the picture.")
    };
    TableText { caption, headings: table.headings(), rows }
}
