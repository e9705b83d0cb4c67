//! What plays, what is asked, what is taken away, lessons, undo.
use crate::seen::SLIDER;
use anyhow::{Result, ensure};
use vanishing_tests::page::{Page, keys};

pub fn the_cliff_is_played(page: &Page) -> Result<()> {
    page.open("?cliff-step=0")?;
    let step = || page.readouts().map(|readouts| readouts.get("cliff-step").cloned().unwrap_or_default());
    page.click_action("cliff-play")?;
    page.wait_for("the descents go on by themselves", || Ok((step()? != "0").then_some(())))?;
    page.click_action("cliff-pause")?;
    page.wait_for("the address has the update that was reached", || {
        Ok(page.query()?.contains(&format!("cliff-step={}", step()?)).then_some(()))
    })
}

pub fn the_opening_moves(page: &Page) -> Result<()> {
    page.open("")?;
    page.figure("opening")?;
    let gain = || page.parameter("opening-gain");
    let first = gain()?;
    page.wait_for("another gain by itself", || Ok((gain()? != first).then_some(())))?;
    page.focus_parameter("opening-gain")?;
    page.press(keys::ARROW_RIGHT)?;
    page.wait_for("the slider is in the address", || Ok(page.query()?.contains("opening-gain=").then_some(())))?;
    let stopped = gain()?;
    page.wait_for_frames()?;
    ensure!(gain()? == stopped, "it went on to {}", gain()?);
    Ok(())
}

pub fn a_guess_is_compared(page: &Page) -> Result<()> {
    page.open("?guess-powers-1=0.01")?;
    let answer = || Ok::<_, anyhow::Error>(page.readouts()?.get("answer-powers-1").cloned().unwrap_or_default());
    ensure!(answer()?.is_empty(), "it is answered before it is asked: {}", answer()?);
    page.click_action("compare:powers-1")?;
    page.wait_for("the answer", || Ok(answer()?.contains("0.00515").then_some(())))
}

pub fn a_figure_is_taken_away(page: &Page) -> Result<()> {
    page.open("?power=20")?;
    // By keyboard: what opens by Enter is a button for everyone.
    page.evaluate::<()>("document.querySelector('#figure-eigenvalue-powers summary').focus()", &[])?;
    page.press(keys::ENTER)?;
    page.click_action("table:eigenvalue-powers")?;
    page.click_action("code:eigenvalue-powers")?;
    let shown: Vec<String> = page.wait_for("table and code", || {
        let texts: Vec<String> = page.evaluate(
            "return [...document.querySelectorAll('[data-sheet=eigenvalue-powers] :is(pre, caption, tbody tr:last-child)')].map((part) => part.textContent)",
            &[],
        )?;
        Ok((texts.len() == 3).then_some(texts))
    })?;
    let native = vanishing_app::script::of("eigenvalue-powers", vanishing_app::Lab::new("power=20").0.chosen(), None);
    ensure!(shown.iter().any(|text| native.as_deref() == Some(text)), "the code is {shown:?}");
    ensure!(shown.iter().any(|text| text.contains("every number")), "the caption is {shown:?}");
    // Every figure can be saved as a picture; what is drawn for it is not empty.
    page.evaluate::<()>(
        "window.saved = []; HTMLAnchorElement.prototype.click = function () { window.saved.push([this.download, this.href.length]); }",
        &[],
    )?;
    for action in ["png:eigenvalue-powers", "svg:eigenvalue-powers", "csv:eigenvalue-powers"] {
        page.click_action(action)?;
    }
    let saved: Vec<(String, u64)> = page.wait_for("three files", || {
        let saved: Vec<(String, u64)> = page.evaluate("return window.saved", &[])?;
        Ok((saved.len() == 3).then_some(saved))
    })?;
    for (name, length) in saved {
        ensure!(name.starts_with("vanishing-point-eigenvalue-powers.") && length > 2_000, "{name} has {length} bytes");
    }
    Ok(())
}

pub fn a_lesson_is_given_without_the_mouse(page: &Page) -> Result<()> {
    page.open("")?;
    page.evaluate::<()>("document.querySelector('#cliff').scrollIntoView(); document.activeElement.blur()", &[])?;
    let scrolled = || page.evaluate::<f64>("return Math.round(scrollY)", &[]);
    let says = |part: &str| {
        page.evaluate::<String>(&format!("return document.querySelector('[data-stage={part}]').textContent"), &[])
    };
    page.wait_for("the chapter is read", || {
        let current: String =
            page.evaluate("return document.querySelector('.contents [aria-current]')?.textContent ?? ''", &[])?;
        Ok(current.contains("Cliff").then_some(()))
    })?;
    let before = scrolled()?;
    page.press("p")?;
    page.wait_for("the first beat", || Ok((says("place")? == "1 / 7").then_some(())))?;
    for _ in 0..2 {
        page.press(keys::ARROW_RIGHT)?;
    }
    page.wait_for("a question", || Ok((says("place")? == "3 / 7" && says("say")?.is_empty()).then_some(())))?;
    page.press(keys::PAGE_DOWN)?;
    page.wait_for("its answer", || Ok(says("say")?.contains("much longer than the picture").then_some(())))?;
    ensure!(!page.figure("cliff")?.is_blank, "the figure on the stage is blank");
    let fits: bool = page.evaluate(
        "const stage = document.querySelector('dialog.stage'); return stage.open && stage.scrollHeight <= stage.clientHeight + 1",
        &[],
    )?;
    ensure!(fits, "the stage is higher than the window");
    page.press(" ")?;
    page.wait_for("the descents go on", || {
        let step: f64 = page.parameter("cliff-step")?.parse()?;
        Ok((step > 46.0).then_some(()))
    })?;
    page.press(" ")?;
    page.press("3")?;
    page.wait_for("the third preset", || Ok(page.query()?.contains("cliff-threshold=100").then_some(())))?;
    page.press("?")?;
    let help = || page.evaluate::<bool>("return document.querySelector('dialog.manual').open", &[]);
    page.wait_for("the help", || Ok(help()?.then_some(())))?;
    page.press(keys::ESCAPE)?;
    page.wait_for("the help is closed", || Ok((!help()?).then_some(())))?;
    page.press(keys::ESCAPE)?;
    page.wait_for("the page again", || {
        let open: bool = page.evaluate("return document.querySelector('dialog.stage').open", &[])?;
        Ok((!open).then_some(()))
    })?;
    let after = scrolled()?;
    ensure!((after - before).abs() < 3.0, "the text was at {before} and is at {after}");
    ensure!(!page.figure("cliff")?.is_blank, "the figure did not come back");
    Ok(())
}

pub fn what_was_done_is_undone(page: &Page) -> Result<()> {
    page.open("")?;
    let before = page.parameter(SLIDER)?;
    page.drag_slider(SLIDER, 0.8, 3)?;
    page.wait_for("the slider has moved", || Ok((page.parameter(SLIDER)? != before).then_some(())))?;
    page.click_action("undo")?;
    page.wait_for("the slider is back", || Ok((page.parameter(SLIDER)? == before).then_some(())))?;
    let chord = |shift: bool| -> Result<bool> {
        page.evaluate(
            &format!(
                "return !document.body.dispatchEvent(new KeyboardEvent('keydown', {{ key: 'z', ctrlKey: true, shiftKey: {shift}, bubbles: true, cancelable: true }}))"
            ),
            &[],
        )
    };
    ensure!(chord(true)?, "nobody took Ctrl Shift Z");
    page.wait_for("the slider has moved again", || Ok((page.parameter(SLIDER)? != before).then_some(())))?;
    ensure!(chord(false)?, "nobody took Ctrl Z");
    page.wait_for("the slider is back again", || Ok((page.parameter(SLIDER)? == before).then_some(())))
}
