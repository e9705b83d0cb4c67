//! Figures in somebody else’s page.
use crate::seen::LIVE_FRAME;
use anyhow::{Context, Result, ensure};
use vanishing_tests::engine::Engine;
use vanishing_tests::page::Page;
use xtask::commands::serve;
use xtask::static_server::{Site, StaticServer, listen_anywhere};

pub fn an_address_embeds_a_figure(page: &Page) -> Result<()> {
    page.open("?only=gradient-norms,tea&lock=cell&hide=captions,gain&recurrent=orthogonal")?;
    let seen: Vec<String> = page.evaluate(
        "const seen = (part) => part.getClientRects().length > 0;
         return [...document.querySelectorAll('figure, figcaption, [data-control], section, nav')].filter(seen)
           .map((part) => part.dataset.figure ?? part.dataset.control ?? part.tagName)",
        &[],
    )?;
    ensure!(seen.contains(&"gradient-norms".to_owned()) && seen.contains(&"hidden-size".to_owned()), "{seen:?}");
    let more = ["SECTION", "NAV", "FIGCAPTION", "spectrum", "gain"];
    ensure!(!seen.iter().any(|name| more.contains(&name.as_str())), "there is more than was asked for: {seen:?}");
    ensure!(page.notices()?.iter().any(|text| text.contains("“tea” is not a figure")), "{:?}", page.notices()?);
    let locked: bool = page.evaluate("return document.querySelector('.embedded [data-param=cell]').disabled", &[])?;
    ensure!(locked, "the cell can be changed");
    ensure!(!page.figure("gradient-norms")?.is_blank, "the figure is blank");
    Ok(())
}

pub fn an_element_on_another_page(page: &Page) -> Result<()> {
    page.open("examples/element.html")?;
    let query = || page.evaluate::<String>("return document.querySelector('vanishing-figure').query", &[]);
    ensure!(query()?.contains("cell=lstm") && query()?.contains("forget-bias=2"), "it says {}", query()?);
    let length: f64 = page.evaluate("return history.length", &[])?;
    page.evaluate::<()>("document.querySelector('#open').click()", &[])?;
    page.wait_for("the attribute arrives", || Ok(query()?.contains("forget-bias=3").then_some(())))?;
    // A locked parameter does not move, and what is no parameter is told.
    page.evaluate::<()>(
        "const figure = document.querySelector('vanishing-figure'); figure.set('cell=rnn&time=7'); \
         window.csv = null; figure.data.then((csv) => { window.csv = csv; })",
        &[],
    )?;
    page.wait_for("the time moves", || Ok(query()?.contains("time=7").then_some(())))?;
    ensure!(query()?.contains("cell=lstm"), "a message moved what is locked: {}", query()?);
    let csv: String = page.wait_for("the numbers", || page.evaluate("return window.csv", &[]))?;
    ensure!(csv.starts_with("time step t") && csv.lines().count() > 30, "the numbers are {csv}");
    let (focus, after): (bool, f64) =
        page.evaluate("return [document.activeElement === document.body, history.length]", &[])?;
    ensure!(focus, "a frame took the focus");
    ensure!(after == length, "the frame wrote {} entries into the history", after - length);
    // WebKitGTK 2.50.6 on a machine that is busy never takes this picture, while the page draws 60 frames a second.
    if page.engine() != Engine::WebKit {
        page.screenshot("example-element")?;
    }
    Ok(())
}

/// The code that the builder gives for an element, on a page of another origin.
pub fn an_element_on_another_origin(page: &Page) -> Result<()> {
    page.open("?cell=lstm")?;
    page.evaluate::<()>("document.querySelector('[data-action=\"embed:gradient-norms\"]').click()", &[])?;
    let code: String = page.wait_for("the code of the element", || {
        page.evaluate(
            "return document.querySelectorAll('[data-sheet=gradient-norms] pre')[1]?.textContent || null",
            &[],
        )
    })?;
    let address: String = page.evaluate("return new URL('.', location.href).href", &[])?;
    ensure!(code.contains(&address) && code.contains(" cell=\"lstm\""), "the code is {code}");
    let folder =
        std::env::temp_dir().join(format!("vanishing-elsewhere-{}-{}", page.engine().name(), std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let written = |name: &str, code: &str| {
        let html = format!(
            "<!doctype html><html lang=en><meta charset=utf-8><title>A course</title><h1>A course</h1>\n{code}"
        );
        std::fs::write(folder.join(name), html)
    };
    // The server of these tests does not send the header, and that of `cargo xtask serve` does.
    let allowed = StaticServer::start(serve::site(page.dist()), listen_anywhere()?)?;
    written("refused.html", &code)?;
    written("allowed.html", &code.replace(&address, &allowed.address()))?;
    let elsewhere = StaticServer::start(Site::new(&folder), listen_anywhere()?)?;

    page.go(&format!("{}refused.html", elsewhere.address()))?;
    let seen = || page.evaluate::<String>("return document.querySelector('vanishing-figure').innerText", &[]);
    let is_defined = || page.evaluate::<bool>("return Boolean(customElements.get('vanishing-figure'))", &[]);
    page.evaluate::<()>("window.later = false; setTimeout(() => { window.later = true; }, 1000)", &[])?;
    page.wait_until("a script would have come by now", "return window.later")?;
    ensure!(!is_defined()?, "a server that allows nothing had its module taken");
    let sentence = seen()?;
    ensure!(
        sentence.contains("has to send the header “Access-Control-Allow-Origin: *”."),
        "in its place is {sentence:?}"
    );

    page.go(&format!("{}allowed.html", elsewhere.address()))?;
    page.wait_until(
        "the figure says what it shows",
        "return document.querySelector('vanishing-figure').query?.includes('cell=lstm') ?? false",
    )?;
    let is_high = "return document.querySelector('vanishing-figure > iframe').clientHeight > 300";
    page.wait_until("the figure has its height", is_high)?;
    ensure!(seen()?.is_empty(), "beside the figure stands {:?}", seen()?);
    page.screenshot("element-allowed")?;
    page.go("about:blank")?;
    std::fs::remove_dir_all(folder)?;
    Ok(())
}

/// The HTML that `docs/embedding.md` gives, line by line, on a page of another origin than the figures.
pub fn the_lines_of_the_guide_show_their_figures(page: &Page) -> Result<()> {
    const GUIDE: &str = include_str!("../../docs/embedding.md");
    const EXAMPLE: &str = "https://example.org/vanishing-point/";
    let blocks = GUIDE.split("\n\n").filter(|block| block.starts_with("    <") && block.contains(EXAMPLE));
    let html: Vec<&str> = blocks.collect();
    ensure!(html.len() == 4, "the guide has {} pieces of HTML", html.len());
    let folder = std::env::temp_dir().join(format!("vanishing-guide-{}-{}", page.engine().name(), std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let figures = StaticServer::start(serve::site(page.dist()), listen_anywhere()?)?;
    let guide = StaticServer::start(Site::new(&folder), listen_anywhere()?)?;
    for (number, html) in html.into_iter().enumerate() {
        let listens =
            "addEventListener('message', ({ data }) => { if (data.event === 'ready') window.heard = data.query; })";
        let here = html.replace(EXAMPLE, &figures.address());
        let text = format!(
            "<!doctype html><html lang=en><meta charset=utf-8><title>A course</title><script>{listens}</script>\n{here}"
        );
        std::fs::write(folder.join(format!("{number}.html")), text)?;
        page.go(&format!("{}{number}.html", guide.address()))?;
        let heard: String = page
            .wait_for("a figure says what it shows", || page.evaluate("return window.heard ?? null", &[]))
            .with_context(|| html.to_owned())?;
        ensure!(heard.contains("only=gradient-norms"), "{html} shows {heard}");
        ensure!(!html.contains("lstm") || heard.contains("cell=lstm"), "{html} shows {heard}");
        let size = "const { width, height } = document.querySelector('iframe').getBoundingClientRect(); return [width, height]";
        let (width, height): (f64, f64) = page.evaluate(size, &[])?;
        ensure!(width > 600.0 && height > 400.0, "{html} is {width} by {height} pixels");
    }
    page.go("about:blank")?;
    std::fs::remove_dir_all(folder)?;
    Ok(())
}

pub fn two_figures_are_coupled(page: &Page) -> Result<()> {
    page.open("examples/coupled.html")?;
    page.evaluate::<()>(
        "const slider = document.querySelector('#leader'); \
         for (let i = 0; i < 500; i += 1) { slider.value = 0.8 + (i % 40) / 100; slider.dispatchEvent(new Event('input')); } \
         slider.value = 0.93; slider.dispatchEvent(new Event('input'))",
        &[],
    )?;
    page.screenshot("example-coupled")?;
    page.wait_for("both have the last value", || {
        let both: Vec<String> = page
            .evaluate("return [...document.querySelectorAll('vanishing-figure')].map((figure) => figure.query)", &[])?;
        Ok(both.iter().all(|query| query.contains("eigenvalue-1=0.93")).then_some(()))
    })
}

pub fn a_sandboxed_frame_trains(page: &Page) -> Result<()> {
    page.open_other("examples/lms.html")?;
    page.wait_until("the frame is ready", "return document.querySelector('#heard').textContent !== ''")?;
    page.wait_until(
        "the frame has the height that it asked for",
        "const height = document.querySelector('iframe').style.height; return parseInt(height, 10) > 200",
    )?;
    let (focus, scroll): (bool, f64) =
        page.evaluate("return [document.activeElement === document.body, window.scrollY]", &[])?;
    ensure!(focus && scroll == 0.0, "the frame took the focus, or scrolled its page to {scroll}");
    page.in_frame(0, || {
        page.evaluate::<()>("document.querySelector('[data-action=train-start]').click()", &[])?;
        page.wait_for("training ends", || {
            Ok(page.figure("training-loss")?.label.contains("after 200 updates").then_some(()))
        })?;
        // Whether a frame without an origin may write to the clipboard is the browser's affair; it is told either way.
        page.evaluate::<()>("document.querySelector('[data-action^=copy-link]').click()", &[])?;
        page.wait_until(
            "a sentence about the link",
            "return /The link was copied\\.|Copy this link: http/.test(document.body.textContent)",
        )
    })?;
    page.screenshot("example-lms").map(drop)
}

pub fn a_frame_listens_to_its_parent_alone(page: &Page) -> Result<()> {
    page.open_other("examples/plain.html")?;
    page.settle_frames()?;
    let frame = |parent: &str| {
        let query = format!("../index.html?only=gradient-norms&time=5{parent}");
        page.evaluate::<()>(
            "window.heard = []; addEventListener('message', ({ data }) => { if (data.event) window.heard.push(data.event); });
             document.querySelector('iframe').src = arguments[0];",
            &[&query],
        )?;
        let address = query.trim_start_matches("../index.html").to_owned();
        let live = || {
            page.evaluate(&format!("{LIVE_FRAME} && document.querySelector('iframe').contentWindow.location.search.startsWith(arguments[0])"), &[&address])
        };
        page.wait_for("the frame is live", || Ok(live().unwrap_or(false).then_some(())))
    };
    let send = |message: &str| {
        page.evaluate::<()>(&format!("document.querySelector('iframe').contentWindow.postMessage({message}, '*')"), &[])
    };
    let time = || {
        page.evaluate::<String>(
            "return document.querySelector('iframe').contentDocument.querySelector('[data-param=time]').value",
            &[],
        )
    };
    frame("")?;
    page.screenshot("example-plain")?;
    for message in [
        "{ type: 'tea', set: 'time=9' }",
        "'time=9'",
        "null",
        "{ type: 'vanishing-point', set: { time: 9 } }",
        "{ type: 'vanishing-point', set: 'time='.padEnd(30000, '9') }",
    ] {
        send(message)?;
    }
    send("{ type: 'vanishing-point', set: 'time=7' }")?;
    page.wait_for("its parent is heard", || Ok((time()? == "7").then_some(())))?;
    frame("&parent=https://elsewhere.example")?;
    send("{ type: 'vanishing-point', set: 'time=8' }")?;
    // What would come, comes with the next frames.
    page.evaluate::<()>("window.later = false; setTimeout(() => { window.later = true; }, 700)", &[])?;
    page.wait_until("some frames have passed", "return window.later")?;
    ensure!(time()? == "5", "another origin moved the time to {}", time()?);
    // Nor is it told what a hand in the frame changes.
    page.evaluate::<()>(
        "const { contentDocument, contentWindow } = document.querySelector('iframe'); \
         const menu = contentDocument.querySelector('[data-param=cell]'); \
         menu.value = 'lstm'; \
         menu.dispatchEvent(new contentWindow.Event('change', { bubbles: true }))",
        &[],
    )?;
    page.wait_until(
        "the change is in the frame's address",
        "return document.querySelector('iframe').contentWindow.location.search.includes('cell=lstm')",
    )?;
    page.wait_for_frames()?;
    let heard: Vec<String> = page.evaluate("return window.heard", &[])?;
    ensure!(heard.is_empty(), "another origin was told {heard:?}");
    Ok(())
}

pub fn a_deck_of_slides_presents(page: &Page) -> Result<()> {
    page.open_other("examples/slides.html#two")?;
    // Looked at from outside: a driver that goes into a frame may give it the focus.
    page.wait_until(
        "a lesson on the second slide",
        "const inside = document.querySelector('iframe').contentDocument; return inside?.documentElement.dataset.ready === 'true' && inside.querySelector('dialog.stage').open",
    )?;
    ensure!(page.evaluate::<bool>("return document.activeElement === document.body", &[])?, "the slide took the focus");
    page.screenshot("example-slides")?;
    Ok(())
}

pub fn the_html_of_course_pages_shows_its_figure(page: &Page) -> Result<()> {
    for (file, fence) in [("lesson.qmd", "```{=html}"), ("lesson.md", "```{raw} html")] {
        let text = std::fs::read_to_string(page.dist().join("examples").join(file))?;
        let html = text.split(fence).nth(1).and_then(|rest| rest.split("```").next()).context("there is no HTML")?;
        page.open_other("examples/plain.html")?;
        page.settle_frames()?;
        let here = html.replace("https://example.org/vanishing-point/", "../index.html");
        page.evaluate::<()>("document.body.innerHTML = arguments[0]", &[&here])?;
        page.wait_until("the frame is live", LIVE_FRAME)?;
        let figure = page.in_frame(0, || page.figure("gradient-norms"))?;
        ensure!(!figure.is_blank, "the figure of {file} is blank");
    }
    page.screenshot("example-quarto")?;
    Ok(())
}
