//! Access, widths, fingers, layout shift, memory, times, the console.
#![allow(clippy::print_stdout, reason = "each sentence is reported as it is checked")]

use crate::seen::SLIDER;
use crate::training::{LOOKS, update_reached};
use anyhow::{Context, Result, ensure};
use vanishing_tests::checks::is_trap;
use vanishing_tests::engine::Engine;
use vanishing_tests::page::Page;

pub fn axe_finds_nothing(page: &Page) -> Result<()> {
    let path = std::env::var_os("VANISHING_AXE")
        .context("VANISHING_AXE must name axe-core's script; `cargo xtask test` sets it")?;
    let axe = std::fs::read_to_string(path).context("axe-core's script cannot be read")?;
    let open_all = "document.querySelectorAll('details').forEach((part) => { part.open = true; }); \
        document.querySelectorAll('[data-toggle]').forEach((button) => button.click());";
    let modes = [
        ("?theme=light", open_all),
        (
            "?theme=dark&compare-powers-1=1&guess-powers-1=0.1",
            "document.querySelector('[data-action=\"table:gradient-norms\"]').click(); document.querySelector('[data-action=\"code:gradient-norms\"]').click();",
        ),
        ("?theme=projector&cell=lstm", ""),
        ("?present=gradients&beat=3&theme=dark", ""),
        ("?only=gradient-norms,eigenvalue-powers&theme=light", ""),
        ("?theme=light", "document.querySelector('[data-action=help]').click();"),
        ("?only=workbench&spectral-radius=2&clip-norm=1&schedule=1&theme=dark", open_all),
        ("?present=workbench&beat=6&theme=projector", ""),
    ];
    for (query, prepare) in modes {
        page.open(query)?;
        page.evaluate::<()>(prepare, &[])?;
        page.wait_for_frames()?;
        page.evaluate::<()>("(0, eval)(arguments[0])", &[&axe])?;
        page.evaluate::<()>(
            "window.found = null; axe.run(document).then((all) => { window.found = all.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(' ')}: ${node.failureSummary}`)); })",
            &[],
        )?;
        let mut found = None;
        for _ in 0..LOOKS {
            found =
                page.wait_for("axe is done", || page.evaluate::<Option<Vec<String>>>("return window.found", &[])).ok();
            if found.is_some() {
                break;
            }
        }
        let found = found.context("axe is not done")?;
        ensure!(found.is_empty(), "{query} {prepare}: {found:#?}");
    }
    Ok(())
}

pub fn nothing_is_wider_than_the_window(page: &Page) -> Result<()> {
    if page.engine() != Engine::Chromium {
        // Only its driver sets the size of the window as a screen would.
        return Ok(());
    }
    let size = |width: u32| {
        let metrics =
            serde_json::json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500 });
        page.devtools("Emulation.setDeviceMetricsOverride", metrics).map(drop)
    };
    let checked = [390, 768, 1280, 1920, 3840].into_iter().try_for_each(|width| {
        size(width)?;
        page.open("")?;
        let wide: Vec<String> = page.evaluate(
            "document.querySelectorAll('details').forEach((part) => { part.open = true; });
             return ['light', 'dark', 'projector'].flatMap((theme) => {
               document.documentElement.dataset.theme = theme;
               const room = document.documentElement.clientWidth;
               if (document.scrollingElement.scrollWidth <= room) return [];
               const wide = [...document.querySelectorAll('body *')].filter((part) => part.getBoundingClientRect().right > room + 1);
               return wide.slice(0, 5).map((part) => `${theme}: ${part.outerHTML.slice(0, 120)}`);
             })",
            &[],
        )?;
        ensure!(wide.is_empty(), "at {width}: {wide:#?}");
        Ok(())
    });
    page.devtools("Emulation.clearDeviceMetricsOverride", serde_json::json!({}))?;
    checked
}

pub fn a_finger_finds_everything(page: &Page) -> Result<()> {
    if page.engine() != Engine::Chromium {
        return Ok(());
    }
    let touch = |on: bool| {
        page.devtools("Emulation.setTouchEmulationEnabled", serde_json::json!({ "enabled": on, "maxTouchPoints": 5 }))
            .map(drop)
    };
    let metrics = serde_json::json!({ "width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": true });
    page.devtools("Emulation.setDeviceMetricsOverride", metrics)?;
    touch(true)?;
    // Links within a sentence are as high as its lines, as everywhere.
    let small = page.open("").and_then(|()| {
        page.evaluate::<Vec<String>>(
            "document.querySelectorAll('details').forEach((part) => { part.open = true; });
             // A radio button is pressed by its label; one that is chosen is not to be pressed.
             const labels = { checkbox: (part) => part.closest('.control'), radio: (part) => part.checked ? part.closest('figure, .bench-panel') : part.labels[0] };
             const seen = (part) => part.getClientRects().length > 0 && !part.closest('[hidden], dialog:not([open])');
             const box = (part) => (labels[part.type]?.(part) ?? part).getBoundingClientRect();
             return [...document.querySelectorAll('button, select, input, summary, .contents a')].filter(seen)
               .filter((part) => box(part).height < 43.5)
               .map((part) => `${part.outerHTML.slice(0, 90)}: ${box(part).height}`)",
            &[],
        )
    });
    // A link may have the room around it, and none that belongs to another.
    let covered = page.evaluate::<Vec<String>>(
        "const links = [...document.querySelectorAll('.presets a')].filter((link) => link.getClientRects().length > 0);
         return links.filter((link) => {
           // At the lower edge: a picture that stays in view covers more than half of a phone.
           link.scrollIntoView({ block: 'end', behavior: 'instant' });
           const { left, top, width, height } = link.getClientRects()[0];
           return document.elementFromPoint(left + width / 2, top + height / 2)?.closest('a') !== link;
         }).map((link) => `${link.id}: ${link.textContent}`).concat(links.length ? [] : ['there are none'])",
        &[],
    );
    touch(false)?;
    page.devtools("Emulation.clearDeviceMetricsOverride", serde_json::json!({}))?;
    let (small, covered) = (small?, covered?);
    ensure!(covered.is_empty(), "of these links another is pressed: {covered:#?}");
    ensure!(small.is_empty(), "{} are lower than 44 pixels: {:#?}", small.len(), &small[..small.len().min(12)]);
    Ok(())
}

pub fn nothing_moves_while_the_page_is_opened(page: &Page) -> Result<()> {
    if page.engine() != Engine::Chromium {
        // The others do not measure it.
        return Ok(());
    }
    page.open("")?;
    page.evaluate::<()>(
        "window.shift = 0; new PerformanceObserver((list) => list.getEntries().forEach((entry) => { window.shift += entry.value; })).observe({ type: 'layout-shift', buffered: true })",
        &[],
    )?;
    page.wait_for_frames()?;
    let shift: f64 = page.evaluate("return window.shift", &[])?;
    ensure!(shift < 0.001, "the layout shifts by {shift}");
    Ok(())
}

/// The studies of the fingerprint need more than the first pictures do.
pub fn the_memory_does_not_grow(page: &Page) -> Result<()> {
    page.open("")?;
    let before = page.memory_bytes()?;
    page.evaluate::<String>("return window.wasmBindings.studies_hash()", &[])?;
    page.click_action("train-start")?;
    page.wait_for("a hundred updates", || Ok((update_reached(page)? > 100).then_some(())))?;
    let after = page.memory_bytes()?;
    ensure!(after == before, "there were {before} bytes when the page became live, and {after} after it was used");
    Ok(())
}

/// A report, not a bound: machines differ.
pub fn changes_are_timed(page: &Page) -> Result<()> {
    // The opening rests, so that it is not timed too.
    page.open("?timing=1&opening-gain=0.95")?;
    let start = page.slider_share(SLIDER)?;
    for share in [0.1, 0.9, start] {
        page.drag_slider(SLIDER, share, 60)?;
    }
    println!("{}: {}", page.engine().name(), page.change_times()?);
    page.open("?timing=1&opening-gain=0.95&recurrent=gaussian&activation=tanh&gain=1.5")?;
    for share in [0.1, 0.5, 0.3] {
        page.drag_slider("gain", share, 60)?;
    }
    println!("{}, the network: {}", page.engine().name(), page.change_times()?);
    page.open(
        "?timing=1&opening-gain=0.95&recurrent=gaussian&activation=tanh&gain=1.5&lanes=4&stop-step=100000&clip-norm=1",
    )?;
    page.click_action("train-start")?;
    for share in [0.1, 0.5, 0.3] {
        page.drag_slider("gain", share, 60)?;
    }
    println!("{}, the same while four lanes train: {}", page.engine().name(), page.change_times()?);
    Ok(())
}

pub fn the_console_has_nothing_to_say(page: &Page) -> Result<()> {
    let (traps, console): (Vec<String>, Vec<String>) =
        page.console()?.into_iter().partition(|line| is_trap(page, line));
    if !traps.is_empty() {
        println!("{}: the engine ended the program {} times", page.engine().name(), traps.len());
    }
    ensure!(console.is_empty(), "the console says: {console:#?}");
    // And it would have something to say.
    page.open("")?;
    page.evaluate::<()>(
        "document.head.append(Object.assign(document.createElement('script'), { src: 'missing.js' }))",
        &[],
    )?;
    page.wait_for("the console tells of a file that did not load", || {
        Ok(page.console()?.iter().any(|line| line.contains("missing.js did not load")).then_some(()))
    })
}
