//! Pictures of the whole page, for people to look at; `cargo xtask shots` runs this.

#![allow(clippy::print_stdout, reason = "a command line program says where its pictures are")]

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use lexopt::prelude::*;
use serde::Deserialize;
use serde_json::json;
use vanishing_tests::engine::Engine;
use vanishing_tests::page::Page;

/// A telephone, a laptop, a large screen; in CSS pixels.
const WIDTHS: [u32; 3] = [390, 1280, 1920];
const THEMES: [&str; 2] = ["light", "dark"];
/// The height of the window, which the picture is not bound to.
const WINDOW_HEIGHT: u32 = 900;
/// Chromium cannot paint more in one piece; a higher page comes in several.
const HIGHEST_PIECE: f64 = 12_000.0;

struct Order {
    dist: PathBuf,
    output: PathBuf,
    only: Option<String>,
    query: String,
}

/// A part of the page in CSS pixels from its upper left corner.
#[derive(Clone, Copy, Debug, Deserialize)]
struct Area {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

fn main() -> Result<()> {
    let order = read_order()?;
    fs::create_dir_all(&order.output).with_context(|| format!("could not make {}", order.output.display()))?;
    if order.only.is_none() {
        remove_old_pictures(&order.output)?;
    }
    let page = Page::start(Engine::Chromium, &order.dist)?;
    for width in WIDTHS {
        for theme in THEMES {
            take(&page, &order, width, theme).with_context(|| format!("{width} pixels wide, {theme}"))?;
        }
    }
    for message in page.console()? {
        println!("the console says: {message}");
    }
    Ok(())
}

/// A page that has become shorter comes in fewer pieces, and the rest of the old ones would mislead.
fn remove_old_pictures(folder: &Path) -> Result<()> {
    for entry in folder.read_dir().with_context(|| format!("could not read {}", folder.display()))? {
        let path = entry.with_context(|| format!("could not read {}", folder.display()))?.path();
        if path.extension().is_some_and(|extension| extension == "png") {
            fs::remove_file(&path).with_context(|| format!("could not remove {}", path.display()))?;
        }
    }
    Ok(())
}

fn read_order() -> Result<Order> {
    let mut words = Vec::new();
    let (mut only, mut query) = (None, String::new());
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("only") => only = Some(parser.value()?.string()?),
            Long("query") => query = parser.value()?.string()?,
            Value(word) => words.push(PathBuf::from(word)),
            other => return Err(other.unexpected().into()),
        }
    }
    let Ok([dist, output]) = <[PathBuf; 2]>::try_from(words) else {
        bail!("wants two folders: the built page, and where the pictures go");
    };
    Ok(Order { dist, output, only, query })
}

fn take(page: &Page, order: &Order, width: u32, theme: &str) -> Result<()> {
    page.devtools(
        "Emulation.setDeviceMetricsOverride",
        json!({ "width": width, "height": WINDOW_HEIGHT, "deviceScaleFactor": 1, "mobile": false }),
    )?;
    let features = json!([{ "name": "prefers-color-scheme", "value": theme }]);
    page.devtools("Emulation.setEmulatedMedia", json!({ "features": features }))?;
    let query = match order.query.trim_start_matches('?') {
        "" => String::new(),
        query => format!("?{query}"),
    };
    page.open(&query)?;
    scroll_through(page)?;
    warn_of_overflow(page, width)?;

    let area = match &order.only {
        Some(slug) => area_of(page, &format!("figure[data-figure=\"{slug}\"]"))?,
        None => area_of(page, "html")?,
    };
    let name = order.only.as_ref().map_or_else(String::new, |slug| format!("-{slug}"));
    let pieces = pieces_of(area);
    for (number, piece) in pieces.iter().enumerate() {
        let part = if pieces.len() > 1 { format!("-{}", number + 1) } else { String::new() };
        let path = order.output.join(format!("{width}-{theme}{name}{part}.png"));
        capture(page, *piece, &path)?;
        println!("{}", path.display());
    }
    Ok(())
}

/// What is not seen need not be drawn, so every part of the page is seen once.
fn scroll_through(page: &Page) -> Result<()> {
    page.evaluate::<()>("document.fonts.ready.then(() => { window.__fonts = true }); window.__scroll = 0;", &[])?;
    page.wait_until("the fonts are there", "return window.__fonts === true")?;
    let step = "const root = document.documentElement; \
                scrollTo({ top: window.__scroll, behavior: 'instant' }); \
                const done = window.__scroll >= root.scrollHeight - innerHeight; \
                window.__scroll += innerHeight / 2; \
                return done";
    let mut is_done = false;
    while !is_done {
        is_done = page.evaluate(step, &[])?;
        page.wait_for_frames()?;
    }
    page.evaluate("scrollTo({ top: 0, behavior: 'instant' })", &[])
}

fn warn_of_overflow(page: &Page, width: u32) -> Result<()> {
    let needed: f64 = page.evaluate("return document.documentElement.scrollWidth", &[])?;
    if needed > f64::from(width) {
        println!("the page is {needed} pixels wide in a window of {width}: something sticks out");
    }
    Ok(())
}

fn area_of(page: &Page, selector: &str) -> Result<Area> {
    let script = "const element = document.querySelector(arguments[0]); \
                  if (!element) return null; \
                  const { left, top, width, height } = element.getBoundingClientRect(); \
                  return { x: left + scrollX, y: top + scrollY, width, height }";
    let area: Option<Area> = page.evaluate(script, &[selector])?;
    area.with_context(|| format!("the page has no `{selector}`"))
}

/// `area` cut into pieces that can be painted, from above.
fn pieces_of(area: Area) -> Vec<Area> {
    let count = (area.height / HIGHEST_PIECE).ceil().max(1.0) as u32;
    let height = area.height / f64::from(count);
    (0..count).map(|number| Area { y: area.y + f64::from(number) * height, height, ..area }).collect()
}

fn capture(page: &Page, area: Area, path: &Path) -> Result<()> {
    let Area { x, y, width, height } = area;
    let clip = json!({ "x": x, "y": y, "width": width, "height": height, "scale": 1 });
    let parameters = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
    let answer = page.devtools("Page.captureScreenshot", parameters)?;
    let data = answer["data"].as_str().context("Chromium sent no picture")?;
    let picture = BASE64_STANDARD.decode(data).context("Chromium sent a broken picture")?;
    fs::write(path, picture).with_context(|| format!("could not write {}", path.display()))
}
