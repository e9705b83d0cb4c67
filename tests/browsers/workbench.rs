//! The workbench, by pointer and by keys: it trains again while an eigenvalue moves, and a chip rescues a run.
use anyhow::{Context, Result, ensure};
use vanishing_app::Lab;
use vanishing_tests::contract::OF_RUNS;
use vanishing_tests::page::{Page, keys};

const RADIUS: &str = "spectral-radius";

fn said(page: &Page, name: &str) -> Result<String> {
    page.readouts()?.remove(name).with_context(|| format!("there is no readout {name}"))
}

/// Opens the page and waits for the verdict of the run from its own seed.
fn open_to_verdict(page: &Page, query: &str, verdict: &str) -> Result<()> {
    page.open(query)?;
    page.evaluate::<()>("document.querySelector('#workbench').scrollIntoView()", &[])?;
    wait_for_verdict(page, verdict)
}

fn wait_for_verdict(page: &Page, verdict: &str) -> Result<()> {
    page.wait_for(&format!("the panel says that it {verdict}"), || {
        Ok(said(page, "workbench-training")?.starts_with(verdict).then_some(()))
    })
    .with_context(|| format!("it says {:?}", said(page, "workbench-training").ok()))
}

/// Drags the slider of the radius from 0.8 to 1.2, and looks before the hand lets go.
pub fn it_learns_while_the_radius_is_dragged(page: &Page) -> Result<()> {
    open_to_verdict(page, "?spectral-radius=0.8&clip-norm=1", "does not learn")?;
    let before = page.figure("workbench-training")?;
    ensure!(said(page, "workbench-gradient")?.starts_with("vanishes"), "{}", said(page, "workbench-gradient")?);
    page.hold_slider(RADIUS, 1.2 / 3.0, 30)?;
    // Nothing was let go yet. On the way some radii learn and some do not; at the end all within reach of a pixel do.
    page.wait_for("its curve learns", || {
        let during = page.figure("workbench-training")?;
        Ok((during.picture != before.picture && during.label.contains("learns")).then_some(()))
    })?;
    page.let_go()?;
    // A slider of some hundred pixels comes as near as that.
    let radius: f64 = page.parameter(RADIUS)?.parse()?;
    ensure!((radius - 1.2).abs() < 0.06, "dragged to {radius}");
    wait_for_verdict(page, "learns")?;
    ensure!(!said(page, "workbench-gradient")?.starts_with("vanishes"), "{}", said(page, "workbench-gradient")?);
    page.wait_for("the address follows", || {
        Ok(page.query()?.contains(&format!("spectral-radius={radius}")).then_some(()))
    })
}

/// The largest eigenvalue is a handle of the picture, the radius a slider: both by keys alone.
pub fn it_learns_by_keys(page: &Page) -> Result<()> {
    open_to_verdict(page, "?spectral-radius=0.8", "does not learn")?;
    page.focus_parameter(RADIUS)?;
    page.press(&keys::ARROW_RIGHT.repeat(40))?;
    page.wait_for("the radius is 1.2", || Ok((page.parameter(RADIUS)? == "1.2").then_some(())))?;
    wait_for_verdict(page, "learns")?;
    // The chip has the focus, the space bar presses it.
    open_to_verdict(page, "?spectral-radius=2", "does not learn")?;
    page.focus_parameter("clip-norm")?;
    page.press(" ")?;
    wait_for_verdict(page, "learns")?;
    ensure!(page.parameter("clip-norm")? == "true", "the chip is not pressed");
    Ok(())
}

pub fn clipping_rescues_and_the_bits_are_those_of_native_code(page: &Page) -> Result<()> {
    open_to_verdict(page, "?spectral-radius=2", "does not learn")?;
    page.click_parameter("clip-norm")?;
    wait_for_verdict(page, "learns")?;
    let changed = said(page, "workbench-changed")?;
    ensure!(changed.contains("Clip by global norm acts"), "it says {changed}");
    // The hand rests: further seeds follow, and all of it is what native code finds at the same address.
    let query = page.query()?;
    ensure!(query.contains("clip-norm=1"), "the address is {query}");
    let native: Vec<_> = Lab::new(&query).0.try_out(8);
    let native = |name: &str| native.iter().find(|(known, _)| *known == name).map(|(_, text)| text.clone());
    for _ in 0..4 {
        let done = || Ok((!said(page, "workbench-seeds")?.contains("so far")).then_some(()));
        if page.wait_for("eight seeds are known", done).is_ok() {
            break;
        }
    }
    page.wait_for("both ways", || Ok((!said(page, "workbench-squares")?.contains('·')).then_some(())))?;
    for name in OF_RUNS.into_iter().chain(["workbench-gradient"]) {
        let (here, native) = (said(page, name)?, native(name).unwrap_or_default());
        ensure!(here == native, "{name}: the browser says {here:?}, native code {native:?}");
    }
    page.screenshot("workbench").map(drop)
}

pub fn it_is_embedded_without_what_is_hidden(page: &Page) -> Result<()> {
    page.open("?only=workbench&hide=workbench-angle,chips-way-back,buttons&spectral-radius=2&clip-norm=1")?;
    wait_for_verdict(page, "learns")?;
    let seen: Vec<String> = page.evaluate(
        "return [...document.querySelectorAll('[data-panel], [data-chips], .bench-tools, section, nav')]\
         .filter((part) => part.getClientRects().length).map((part) => part.dataset.panel ?? part.dataset.chips ?? part.id ?? part.tagName)",
        &[],
    )?;
    for there in ["matrix", "powers", "gradient", "training", "chips-gradient", "workbench"] {
        ensure!(seen.iter().any(|name| name == there), "{there} is missing: {seen:?}");
    }
    for hidden in ["angle", "chips-way-back", "powers-title", "laboratory"] {
        ensure!(!seen.iter().any(|name| name == hidden), "{hidden} is there: {seen:?}");
    }
    Ok(())
}
