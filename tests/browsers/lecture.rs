//! In class and in the hand: a lesson by a remote control's keys, a finger on pictures and sliders, a figure for another page.
#![allow(clippy::print_stdout, reason = "what was not tried is said")]

use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::json;
use vanishing_tests::engine::Engine;
use vanishing_tests::page::{Page, keys};

const REMOTE: &str = "return [document.querySelector('dialog.stage').open, document.querySelector('[data-stage=place]').textContent, \
     document.querySelector('[data-stage=say]').textContent.length, location.search, history.length, \
     document.documentElement.hasAttribute('data-presenting')]";

/// What of the page a lesson may change, and has to give back.
type Seen = (bool, String, usize, String, f64, bool);

pub fn a_lesson_by_a_remote_control(page: &Page) -> Result<()> {
    page.open("?power=7")?;
    page.evaluate::<()>("document.querySelector('#gradients').scrollIntoView()", &[])?;
    page.wait_until(
        "chapter 3 is read",
        "return Boolean(document.querySelector('.contents a[href=\"#gradients\"][aria-current]'))",
    )?;
    let place: f64 = page.evaluate("return scrollY", &[])?;
    let before: Seen = page.evaluate(REMOTE, &[])?;
    page.press("p")?;
    page.wait_until("the lesson begins", "return document.querySelector('dialog.stage').open")?;
    let smallest: f64 = page.evaluate(
        "return Math.min(...[...document.querySelectorAll('dialog.stage :is(.ask, .say, label)')].filter((part) => part.getClientRects().length && part.textContent)
           .map((part) => parseFloat(getComputedStyle(part).fontSize)))",
        &[],
    )?;
    ensure!(smallest >= 18.0, "words of {smallest} px on a projector");
    for (key, name, place, says) in [
        (keys::PAGE_DOWN, "Page Down", "1 / 8", true),
        (keys::PAGE_DOWN, "Page Down", "2 / 8", true),
        (keys::PAGE_UP, "Page Up", "1 / 8", false),
        (keys::F5, "F5", "1 / 8", false),
    ] {
        page.press(key)?;
        let seen: Seen = page.wait_for(&format!("{name} leads to {place}"), || {
            let seen: Seen = page.evaluate(REMOTE, &[])?;
            Ok((seen.0 && seen.1 == place && (seen.2 > 0) == says).then_some(seen))
        })?;
        ensure!(seen.3.contains("present=gradients") && seen.4 == before.4, "the history has a trace of it: {seen:?}");
    }
    page.press("b")?;
    page.wait_until("the screen is black", "return document.querySelector('dialog.stage').hasAttribute('data-black')")?;
    page.press(".")?;
    page.wait_until("and no longer", "return !document.querySelector('dialog.stage').hasAttribute('data-black')")?;
    page.screenshot("lecture")?;
    page.press(keys::ESCAPE)?;
    let back = page.wait_for("what was before is back", || {
        let seen: Seen = page.evaluate(REMOTE, &[])?;
        Ok((!seen.0 && !seen.5 && seen.3 == before.3 && seen.4 == before.4).then_some(()))
    });
    if let Err(error) = back {
        let seen: Seen = page.evaluate(REMOTE, &[])?;
        return Err(error.context(format!("before the lesson {before:?}, after it {seen:?}")));
    }
    let after: f64 = page.evaluate("return scrollY", &[])?;
    ensure!((after - place).abs() < 2.0, "the text was at {place} and is at {after}");
    Ok(())
}

/// Moves a pointer on every picture in turn and says which address each move led to. Synthetic events, so that a finger is a
/// finger in every engine; the browser itself tells that it scrolls by `pointercancel`.
const MOVES: &str = "return (async (kind, across, along, end) => {
  const wait = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const found = [];
  for (const canvas of document.querySelectorAll('main figure[data-figure] > canvas')) {
    if (canvas.closest('details:not([open])') || !canvas.getClientRects().length) continue;
    canvas.scrollIntoView({ block: 'center' });
    await wait(); await wait();
    const box = canvas.getBoundingClientRect();
    const [x, y] = [box.left + box.width * 0.45, box.top + box.height * 0.5];
    const send = (name, dx, dy, buttons) => canvas.dispatchEvent(new PointerEvent(name, { bubbles: true, cancelable: true, pointerId: 7,
      isPrimary: true, pointerType: kind, button: name === 'pointermove' ? -1 : 0, buttons, clientX: x + dx, clientY: y + dy }));
    send('pointerdown', 0, 0, 1);
    for (let i = 1; i <= 4; i += 1) send('pointermove', across * i / 4, along * i / 4, 1);
    send(end, Number(across), Number(along), 0);
    await wait();
    found.push([canvas.parentElement.dataset.figure, location.search]);
  }
  return found; })(...arguments)";

pub fn a_finger_scrolls_upwards_and_moves_sideways(page: &Page) -> Result<()> {
    const SOME: &str = "?only=eigenvalue-powers,alignment-angle,gradient-norms,cliff,eigenvalue-line,spectrum";
    let moved = |of: &str, kind: &str, across: &str, along: &str, end: &str| -> Result<Vec<(String, String)>> {
        page.open(of)?;
        page.evaluate::<()>("document.querySelectorAll('main details').forEach((fold) => { fold.open = true; })", &[])?;
        let found = page.evaluate(MOVES, &[kind, across, along, end])?;
        // The address is written once in a while.
        std::thread::sleep(std::time::Duration::from_millis(600));
        Ok(found)
    };
    let address = || page.evaluate::<String>("return location.search", &[]);
    // Every picture of the page.
    let scrolled = moved("", "touch", "2", "60", "pointercancel")?;
    ensure!(scrolled.len() >= 20, "only {} pictures were scrolled over", scrolled.len());
    ensure!(!address()?.contains("power="), "scrolling with a finger set {}", address()?);
    let first = scrolled.first().map(|(_, address)| address.clone()).unwrap_or_default();
    ensure!(scrolled.iter().all(|(_, address)| *address == first), "scrolling with a finger changed {scrolled:?}");
    moved(SOME, "touch", "40", "3", "pointerup")?;
    let by_finger = address()?;
    moved(SOME, "mouse", "40", "3", "pointerup")?;
    let by_mouse = address()?;
    ensure!(by_finger == by_mouse && by_finger.contains("power="), "{by_finger} and {by_mouse}");
    Ok(())
}

/// Real touches, which only Chromium takes from a test: upwards they scroll, whatever slider is under them, and sideways
/// they move it.
pub fn a_finger_on_a_slider_scrolls_or_moves(page: &Page) -> Result<()> {
    if page.engine() != Engine::Chromium {
        println!("{}: it takes no touches from a test, so this was not tried", page.engine().name());
        return Ok(());
    }
    let emulated = |method: &str, parameters| page.devtools(&format!("Emulation.{method}"), parameters).map(drop);
    let metrics = json!({ "width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": true });
    emulated("setDeviceMetricsOverride", metrics)?;
    emulated("setTouchEmulationEnabled", json!({ "enabled": true, "maxTouchPoints": 5 }))?;
    let swipe = |(x, y): (f64, f64), (across, along): (f64, f64)| -> Result<()> {
        let touch = |kind: &str, points| {
            page.devtools("Input.dispatchTouchEvent", json!({ "type": kind, "touchPoints": points }))
        };
        touch("touchStart", json!([{ "x": x, "y": y }]))?;
        for part in 1..=8 {
            let share = f64::from(part) / 8.0;
            touch("touchMove", json!([{ "x": x + share * across, "y": y + share * along }]))?;
        }
        touch("touchEnd", json!([])).map(drop)
    };
    let tried = || -> Result<()> {
        page.open("")?;
        for key in ["opening-gain", "iterated-kappa", "power", "cliff-step"] {
            let knob = || still(page, key);
            let place = knob()?;
            let state = || Ok::<_, anyhow::Error>((page.parameter(key)?, page.evaluate::<f64>("return scrollY", &[])?));
            let (value, top) = state()?;
            swipe(place, (3.0, -120.0))?;
            page.wait_for(&format!("the page scrolls under the slider of {key}"), || {
                Ok((state()?.1 > top + 40.0).then_some(()))
            })?;
            page.settle_frames()?;
            ensure!(state()?.0 == value, "scrolling over the slider of {key} set {} for {value}", state()?.0);
            let place = knob()?;
            let aside = if place.0 > 195.0 { -90.0 } else { 90.0 };
            swipe(place, (aside, 4.0))?;
            page.wait_for(&format!("the slider of {key} moves"), || Ok((state()?.0 != value).then_some(())))?;
        }
        Ok(())
    };
    let done = tried();
    emulated("setTouchEmulationEnabled", json!({ "enabled": false }))?;
    emulated("clearDeviceMetricsOverride", json!({}))?;
    done
}

/// Where the knob of a slider is, brought below the picture that stays in view and above the bar at the lower edge, once it
/// no longer moves: a swipe scrolls on for a while after the finger has left.
fn still(page: &Page, key: &str) -> Result<(f64, f64)> {
    let knob = |scroll: &str| -> Result<(f64, f64)> {
        page.evaluate(
            "const field = [...document.querySelectorAll(`input[type=range][data-param='${arguments[0]}']`)].find((field) => field.getClientRects().length);
             if (arguments[1]) {
                 field.scrollIntoView({ block: 'center', behavior: 'instant' });
                 scrollBy({ top: field.getBoundingClientRect().top - 0.78 * innerHeight, behavior: 'instant' });
             }
             const { left, top, width, height } = field.getBoundingClientRect();
             if (arguments[1] && document.elementFromPoint(left + width / 2, top + height / 2) !== field) throw new Error('something lies over the slider');
             const share = (field.value - field.min) / (field.max - field.min);
             return [left + width * (0.05 + 0.9 * share), top + height / 2]",
            &[key, scroll],
        )
    };
    page.wait_for(&format!("the slider of {key} stays where it is"), || {
        let place = knob("scroll")?;
        std::thread::sleep(Duration::from_millis(150));
        page.settle_frames()?;
        Ok((knob("")? == place).then_some(place))
    })
}

pub fn the_builders_own_code_shows_every_control(page: &Page) -> Result<()> {
    page.open("")?;
    for figure in ["gradient-norms", "eigenvalue-powers", "cliff"] {
        page.evaluate::<()>(
            &format!("const take = document.querySelector('figure[data-figure=\"{figure}\"] .take'); take.open = true; take.scrollIntoView()"),
            &[],
        )?;
        let press = format!("document.querySelector('[data-action=\"embed:{figure}\"]').click()");
        page.evaluate::<()>(&press, &[])?;
        let sheet = format!("document.querySelector('[data-sheet=\"{figure}\"]')");
        page.wait_until(
            "both previews say how high they are",
            &format!("return [...{sheet}.querySelectorAll('.preview')].length === 2 && [...{sheet}.querySelectorAll('.preview')].every((frame) => {{ frame.scrollIntoView({{ block: 'center' }}); return frame.style.height; }})"),
        )?;
        page.settle_frames()?;
        let wide: f64 = page.evaluate(&format!("return {sheet}.querySelector('.preview').clientWidth"), &[])?;
        for width in [wide, 360.0] {
            page.evaluate::<()>(
                &format!("document.querySelector('#tried')?.remove(); const place = document.createElement('div'); place.id = 'tried'; place.style.cssText = 'position:fixed;z-index:99;inset:0 auto auto 0;width:{width}px';
                   place.innerHTML = {sheet}.querySelector('pre').textContent.replace('loading=\"lazy\"', ''); document.body.append(place)"),
                &[],
            )?;
            page.wait_until(
                &format!("{figure} is live in {width} px"),
                "return document.querySelector('#tried iframe').contentDocument?.documentElement?.hasAttribute('data-ready') ?? false",
            )?;
            page.settle_frames()?;
            let cut: Vec<String> = page.evaluate(
                "const inner = document.querySelector('#tried iframe').contentWindow;
                 const seen = (part) => part.getClientRects().length > 0;
                 const low = (part) => part.getBoundingClientRect().bottom > inner.innerHeight + 1 || part.getBoundingClientRect().right > inner.innerWidth + 1;
                 const cut = [...inner.document.querySelectorAll('.control > :is(input, select, label), .buttons button, figure canvas')].filter(seen).filter(low)
                   .map((part) => part.outerHTML.slice(0, 80));
                 if (inner.document.documentElement.scrollHeight > inner.innerHeight + 1) cut.push('a scrollbar');
                 return cut",
                &[],
            )?;
            ensure!(cut.is_empty(), "{figure} at {width} px cuts off {cut:?}");
        }
        // What is hidden here is hidden there, and stands in the code.
        page.evaluate::<()>("document.querySelector('#tried').remove()", &[])?;
        page.evaluate::<()>(&format!("{sheet}.querySelector('[data-builder=hide-captions]').click()"), &[])?;
        page.wait_until(
            "the code hides the caption",
            &format!("return {sheet}.querySelector('pre').textContent.includes('hide=captions')"),
        )?;
        page.evaluate::<()>(&press, &[])?;
    }
    Ok(())
}
