//! Networks from files, and the page as one file.
use crate::seen::SLIDER;
use crate::training::{SMALL, ensure_as_natively, wait_for_the_end};
use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::path::PathBuf;
use vanishing_tests::page::Page;

/// Offers a file to the page, as its field for files does.
pub fn offer_file(page: &Page, name: &str, content: &[u8]) -> Result<()> {
    let encoded = STANDARD.encode(content);
    page.evaluate(
        "const bytes = Uint8Array.from(atob(arguments[1]), (letter) => letter.charCodeAt(0));
         const data = new DataTransfer();
         data.items.add(new File([bytes], arguments[0]));
         window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));",
        &[name, &encoded],
    )
}

pub fn saved_by_pytorch(name: &str) -> Result<Vec<u8>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("networks").join(name);
    std::fs::read(&path).with_context(|| format!("could not read {}", path.display()))
}

pub fn a_network_is_opened(page: &Page) -> Result<()> {
    const NAME: &str = "lstm.safetensors";
    page.open("")?;
    let content = saved_by_pytorch(NAME)?;
    offer_file(page, NAME, &content)?;
    let strip = || page.evaluate::<String>("return document.querySelector('[data-own=strip-text]').textContent", &[]);
    page.wait_for("the network is shown", || Ok((!strip()?.is_empty()).then_some(())))?;
    ensure!(
        strip()?.starts_with("lstm.safetensors: LSTM, 2 layers, 8 hidden units, 3 inputs."),
        "it says {}",
        strip()?
    );
    let mut lab = vanishing_app::Lab::new("").0;
    lab.open_network(NAME, &content).map_err(anyhow::Error::msg)?;
    for slug in ["gradient-norms", "spectrum", "jacobian-singular-values"] {
        let native = lab.summary(slug).unwrap_or_default();
        page.wait_for("the figures follow", || Ok((page.figure(slug)?.label == native).then_some(())))
            .with_context(|| format!("{slug} should say {native}"))?;
    }
    // Training starts from it, and from drawn weights again.
    let start = || {
        page.evaluate::<String>(
            "return document.querySelector('#laboratory [data-readout=lab-start]').textContent",
            &[],
        )
    };
    page.click_action("own-train")?;
    page.wait_for("training starts from it", || Ok(start()?.contains("start from lstm.safetensors").then_some(())))?;
    page.click_action("own-train")?;
    page.wait_for("weights are drawn again", || Ok(start()?.is_empty().then_some(())))?;
    page.click_action("own-close")?;
    page.wait_for("it is gone", || Ok(strip()?.is_empty().then_some(())))
}

pub fn another_network_of_the_file_is_chosen_and_after_a_reload_it_is_gone(page: &Page) -> Result<()> {
    const NAME: &str = "two-networks-decoder.safetensors";
    page.open("")?;
    offer_file(page, NAME, &saved_by_pytorch(NAME)?)?;
    let menu = || {
        page.evaluate::<(u32, String)>(
            "const menu = document.querySelector('[data-own=networks]');
             return [menu.options.length, menu.selectedOptions[0]?.textContent ?? '']",
            &[],
        )
    };
    page.wait_for("the menu has both", || Ok((menu()?.0 == 2).then_some(())))?;
    let (before, norms) = (menu()?.1, page.figure("gradient-norms")?.label);
    page.evaluate::<()>(
        "const menu = document.querySelector('[data-own=networks]');
         menu.selectedIndex = 1 - menu.selectedIndex;
         menu.dispatchEvent(new Event('change', { bubbles: true }));",
        &[],
    )?;
    page.wait_for("the other one is open", || Ok((menu()?.1 != before).then_some(())))?;
    page.wait_for("its gradient is drawn", || Ok((page.figure("gradient-norms")?.label != norms).then_some(())))?;
    let gone = || page.evaluate::<String>("return document.querySelector('[data-own=gone-text]').textContent", &[]);
    ensure!(gone()?.is_empty(), "it is said to be gone: {}", gone()?);
    page.open("")?;
    page.wait_for("it is said to be gone", || Ok(gone()?.contains(NAME).then_some(())))?;
    ensure!(page.evaluate::<bool>("return !location.href.includes('decoder')", &[])?, "it is in the address");
    page.click_on("[data-own=gone] [data-action=own-close]")?;
    page.wait_for("it is forgotten", || Ok(gone()?.is_empty().then_some(())))?;
    page.open("")?;
    ensure!(gone()?.is_empty(), "it was forgotten, and is said to be gone: {}", gone()?);
    Ok(())
}

pub fn a_wrong_file_is_refused(page: &Page) -> Result<()> {
    page.open("?seed=3")?;
    let before = page.figure("gradient-norms")?.label;
    let mut cut = saved_by_pytorch("gru.safetensors")?;
    cut.truncate(cut.len() - 10);
    for (name, content, part) in [
        ("cut.safetensors", &cut[..], "it is cut off"),
        ("<img src=x onerror=alert(1)>.pt", b"\x80\x02}q", "it is a pickle"),
        ("archive.pt", b"PK\x03\x04 and so on", "it is a zip archive that is cut off"),
        ("__proto__", b"{\"__proto__\": 1}", "it holds no recurrent network"),
        ("nothing", b"", "is empty"),
    ] {
        offer_file(page, name, content)?;
        page.wait_for("a sentence", || Ok(page.notices()?.iter().any(|text| text.contains(part)).then_some(())))?;
        let (images, count): (u32, u32) = page.evaluate(
            "return [document.querySelectorAll('.notices img').length, document.querySelectorAll('.notices li').length]",
            &[],
        )?;
        ensure!((images, count) == (0, 1), "a file's name became HTML, or there is more than one sentence");
    }
    ensure!(page.figure("gradient-norms")?.label == before, "a wrong file changed the page");
    Ok(())
}

pub fn the_single_file_opens_from_disk(page: &Page) -> Result<()> {
    let file = page.dist().join("vanishing-point.html");
    let query = format!("?{SMALL}&lane=b");
    page.go(&format!("file://{}{query}", file.display()))?;
    page.wait_until_live()?;
    page.click_action("train-start")?;
    let found = wait_for_the_end(page)?;
    ensure_as_natively(&found, &query)?;
    let place = page.readouts()?.get("lab-where").cloned().unwrap_or_default();
    ensure!(place.starts_with("in workers"), "it trains {place}");
    let fetched: Vec<String> = page.evaluate(
        "return performance.getEntriesByType('resource').map((entry) => entry.name).filter((name) => !/^(blob|data):/.test(name))",
        &[],
    )?;
    ensure!(fetched.is_empty(), "it fetched {fetched:?}");
    // A control still writes the address, where the browser lets a file do so.
    page.drag_slider(SLIDER, 0.8, 3)?;
    ensure!(page.evaluate::<bool>("return !document.documentElement.dataset.failed", &[])?, "it failed");
    Ok(())
}
