//! What is new of one figure, as JSON for the script that shows it. What is as it was is left out, or `null`.
use serde_json::{Value, json};
use vanishing_app::page_figures::{Follows, PageFigure};
use vanishing_app::{Control, ControlKind, Effects, Lab, help};
use vanishing_charts::Theme;

/// What readers of a figure of training are told besides, by the name of the readout.
const OF_TRAINING: [&str; 3] = ["lab-state", "lab-verdict", "lab-where"];
const OF_EXPERIMENT: [&str; 2] = ["experiment-progress", "lab-where"];

/// The effects, as far as they concern the figure.
pub fn json(lab: &Lab, of: &PageFigure, news: &Effects) -> Value {
    let slug = of.spec.slug;
    let keys = if lab.embedding().hides("controls") { &[][..] } else { of.controls };
    let controls: Vec<Value> =
        news.controls.iter().filter(|control| keys.contains(&control.spec.key)).map(self::control).collect();
    let of_slug = |pairs: &[(&'static str, String)]| {
        pairs.iter().rev().find(|(name, _)| *name == slug).map(|(_, text)| text.clone())
    };
    let mut plays: Vec<Value> =
        news.plays.iter().map(|((start, pause), on)| json!({ "start": start, "pause": pause, "on": on })).collect();
    plays.extend(news.training.map(|on| json!({ "start": "train-start", "pause": "train-pause", "on": on })));
    json!({
        "redraw": news.redraw.contains(slug),
        "controls": controls,
        "label": of_slug(&news.labels),
        "rows": news.rows.iter().rev().find(|(name, _)| *name == slug).map(|(_, rows)| *rows),
        "cursor": news.cursors.iter().rev().find(|(name, _)| *name == slug).map(|(_, cursor)| *cursor),
        "notices": news.notices.as_ref().map(|notices| notices.iter().map(|notice| notice.text.clone()).collect::<Vec<_>>()),
        "announce": news.announce,
        "animate": news.animate,
        "plays": plays,
        "words": words(lab, of, news),
        "lanes": news.lanes.as_ref().map(|lanes| lanes.iter().map(|lane| json!({
            "action": format!("lane:{}", lane.letter.to_lowercase()),
            "letter": lane.letter,
            "name": lane.name,
            "state": lane.state,
            "selected": lane.selected,
        })).collect::<Vec<_>>()),
        "network": news.opened.as_ref().map(|panel| json!({
            "open": panel.open && !panel.aside,
            "strip": panel.strip,
            "spectrum": panel.spectrum,
            "progress": panel.progress,
        })),
        "sheet": news.sheets.iter().rev().find(|sheet| sheet.figure == slug).map(|sheet| json!({
            "table": sheet.table.as_ref().map(|table| json!({
                "caption": table.caption,
                "headings": table.headings,
                "rows": table.rows,
            })),
            "code": sheet.code,
            "actions": [format!("copy-code:{slug}"), format!("save-code:{slug}")],
        })),
        "copy": news.copy_text,
        "theme": news.theme.map(theme),
        "wantsSeed": news.wants_seed,
        "download": news.download.as_ref().map(|file| json!({ "name": file.name, "kind": file.kind, "text": file.text })),
        "handled": news.handled,
        "capture": news.capture_pointer,
    })
}

fn theme(theme: Theme) -> &'static str {
    match theme {
        Theme::Light => "light",
        Theme::Dark => "dark",
        Theme::Projector => "projector",
    }
}

/// The sentences that stand beside a figure of training on the page, if any of them is new.
fn words(lab: &Lab, of: &PageFigure, news: &Effects) -> Value {
    let names = match of.follows {
        Follows::Training => &OF_TRAINING[..],
        Follows::Experiment => &OF_EXPERIMENT[..],
        Follows::Settings | Follows::Map | Follows::Trials | Follows::Reading => &[],
    };
    if !news.readouts.iter().any(|(name, _)| names.contains(name)) {
        return Value::Null;
    }
    names.iter().filter_map(|name| lab.readout(name)).collect::<Vec<_>>().into()
}

/// A control and how it stands.
fn control(control: &Control) -> Value {
    let spec = control.spec;
    let mut told = json!({
        "key": spec.key,
        "label": spec.label,
        "symbol": spec.symbol,
        "unit": spec.unit,
        "help": spec.help,
        "range": help::range(spec),
        "text": control.text,
        "shown": control.shown,
        "locked": control.locked,
    });
    let more = match &control.kind {
        ControlKind::Slider { min, max, step, position, log } => {
            json!({ "kind": "slider", "min": min, "max": max, "step": step, "position": position, "log": log })
        }
        ControlKind::Number { min, max } => json!({ "kind": "number", "min": min, "max": max }),
        ControlKind::Checkbox { checked } => json!({ "kind": "checkbox", "checked": checked }),
        ControlKind::Menu(choices) => {
            let choices: Vec<_> =
                choices.iter().map(|choice| json!({ "slug": choice.slug, "label": choice.label })).collect();
            json!({ "kind": "menu", "choices": choices })
        }
    };
    if let (Some(told), Value::Object(more)) = (told.as_object_mut(), more) {
        told.extend(more);
    }
    told
}
