//! How long the path is, folds closed; and every link that sets something, pressed as a reader would press it: what it changes
//! is in view.
use anyhow::{Result, ensure};
use vanishing_tests::engine::Engine;
use vanishing_tests::page::Page;

/// How often a picture is looked at before it counts as unchanged.
const LOOKS: u32 = 24;

pub fn every_preset_is_seen(page: &Page) -> Result<()> {
    if page.engine() != Engine::Chromium {
        // Only its driver sets the size of the window as a screen would.
        return Ok(());
    }
    let checked = [(1280, 800, 22.0), (390, 844, 34.0)].into_iter().try_for_each(|(width, height, longest)| {
        let metrics =
            serde_json::json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500 });
        page.devtools("Emulation.setDeviceMetricsOverride", metrics)?;
        page.open("")?;
        page.evaluate::<()>(include_str!("../src/scripts/in_view.js"), &[])?;
        let length: f64 = page.evaluate("return document.documentElement.scrollHeight / innerHeight", &[])?;
        ensure!(length <= longest, "at {width} x {height} the path is {length:.1} screens long, more than {longest}");
        let count: usize = page.evaluate("return document.querySelectorAll('a[data-preset]').length", &[])?;
        ensure!(count > 90, "there are only {count} presets");
        let mut unseen = Vec::new();
        for index in 0..count {
            // What is set already changes nothing; then it is pressed once more, after the next one or the last one.
            let mut seen = press(page, index)?;
            for other in [(index + 1) % count, count - 1] {
                if !seen {
                    press(page, other)?;
                    seen = press(page, index)?;
                }
            }
            if !seen {
                unseen.push(reach(page, index)?);
            }
        }
        ensure!(unseen.is_empty(), "at {width} x {height} nobody sees what these change: {unseen:#?}");
        Ok(())
    });
    page.devtools("Emulation.clearDeviceMetricsOverride", serde_json::json!({}))?;
    checked
}

/// Scrolls to a preset and lets what is there now be drawn; what it is called.
fn reach(page: &Page, index: usize) -> Result<String> {
    let name = page.evaluate(&format!("return window.__reach({index})"), &[])?;
    page.wait_for_frames()?;
    page.wait_for_frames()?;
    Ok(name)
}

/// Presses a preset; whether a figure of which at least four fifths are in view changes.
fn press(page: &Page, index: usize) -> Result<bool> {
    reach(page, index)?;
    page.evaluate::<()>(&format!("window.__press({index})"), &[])?;
    for _ in 0..LOOKS {
        page.wait_for_frames()?;
        let changed: Vec<String> = page.evaluate("return window.__changed()", &[])?;
        if !changed.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}
