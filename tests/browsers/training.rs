//! Training and searches in workers, in frames and on the page’s own thread.
use crate::seen::LIVE_FRAME;
use anyhow::{Result, ensure};
use vanishing_tests::page::Page;

/// How long a run may take here, in looks of a wait each: machines are slow, and browsers share them.
pub const LOOKS: usize = 8;

/// Starts the lanes of an address and waits for their end; what the figures of the losses and the gradients say then.
pub fn train_to_the_end(page: &Page, query: &str, meanwhile: impl FnOnce(&Page) -> Result<()>) -> Result<[String; 2]> {
    page.open(query)?;
    page.click_action("train-start")?;
    let state = || page.readouts().map(|readouts| readouts.get("lab-state").cloned().unwrap_or_default());
    // A short run may be over before it is seen to begin.
    page.wait_for("training begins", || Ok((state()? != "not started").then_some(())))?;
    meanwhile(page)?;
    wait_for_the_end(page)
}

/// Waits until all lanes have ended; what the figures of the losses and the gradients say then.
pub fn wait_for_the_end(page: &Page) -> Result<[String; 2]> {
    let all_ended = || -> Result<bool> {
        page.evaluate(
            "return [...document.querySelectorAll('[data-lanes] button:not([hidden]) .state')]\
             .every((state) => /^(stopped|diverged)/.test(state.textContent))",
            &[],
        )
    };
    for look in 1.. {
        match page.wait_for("all lanes end", || Ok(all_ended()?.then_some(()))) {
            Ok(()) => break,
            Err(error) if look == LOOKS => return Err(error),
            Err(_) => {}
        }
    }
    Ok([page.figure("training-loss")?.label, page.figure("training-gradient-norm")?.label])
}

/// Where the lane that is looked at stands.
pub fn update_reached(page: &Page) -> Result<u64> {
    let state = page.readouts()?.get("lab-state").cloned().unwrap_or_default();
    let number = state.split("update ").nth(1).and_then(|rest| rest.split(' ').next());
    Ok(number.and_then(|text| text.replace(',', "").parse().ok()).unwrap_or(0))
}

/// The same in native code.
pub fn trained_natively(query: &str) -> [String; 2] {
    let mut lab = vanishing_app::Lab::new(query).0;
    lab.train(u64::MAX);
    ["training-loss", "training-gradient-norm"].map(|slug| lab.summary(slug).unwrap_or_default())
}

pub fn ensure_as_natively(found: &[String; 2], query: &str) -> Result<()> {
    let native = trained_natively(query);
    ensure!(*found == native, "the browser shows {found:#?}, native code {native:#?}");
    Ok(())
}

pub fn two_networks_train_in_workers(page: &Page) -> Result<()> {
    const QUERY: &str = "?stop-step=300&lane=b&clip-norm=1&spectral-radius=2";
    let found = train_to_the_end(page, QUERY, |_| Ok(()))?;
    ensure_as_natively(&found, QUERY)?;
    let readouts = page.readouts()?;
    let said = |name: &str| readouts.get(name).cloned().unwrap_or_default();
    ensure!(said("lab-where").starts_with("in workers beside the page"), "it trains {}", said("lab-where"));
    ensure!(said("lab-verdict").contains("has learned"), "the clipped lane: {}", said("lab-verdict"));
    page.click_action("lane:a")?;
    page.wait_for("the unclipped lane does not learn", || {
        let verdict = page.readouts()?.get("lab-verdict").cloned().unwrap_or_default();
        Ok(verdict.contains("no better than guessing").then_some(()))
    })
}

pub fn large_singular_values_come_from_a_worker(page: &Page) -> Result<()> {
    const QUERY: &str = "?hidden-size=96&recurrent=gaussian&activation=tanh&gain=1.2&sequence-length=30";
    page.open(QUERY)?;
    page.evaluate::<()>("document.querySelector('[data-figure=jacobian-singular-values]').scrollIntoView()", &[])?;
    let label = page.wait_for("they are found", || {
        let label = page.figure("jacobian-singular-values")?.label;
        Ok(label.starts_with("The 10 largest of 96 singular values").then_some(label))
    })?;
    let mut native = vanishing_app::Lab::new(QUERY).0;
    native.complete("jacobian-singular-values");
    ensure!(Some(&label) == native.summary("jacobian-singular-values").as_ref(), "native code says otherwise: {label}");
    page.screenshot("large-singular-values")?;
    Ok(())
}

pub fn an_embedded_page_has_one_worker(page: &Page) -> Result<()> {
    page.open_other("examples/plain.html")?;
    page.settle_frames()?;
    let query = format!("../index.html?only=training-loss,jacobian-singular-values&{SMALL}&hidden-size=80&lanes=4");
    page.evaluate::<()>("document.querySelector('iframe').src = arguments[0]", &[&query])?;
    page.wait_until(
        "the frame is live",
        &format!("{LIVE_FRAME} && document.querySelector('iframe').contentWindow.location.search.includes('lanes=4')"),
    )?;
    let inside = "document.querySelector('iframe')";
    page.evaluate::<()>(&format!("{inside}.contentDocument.querySelector('[data-action=train-start]').click()"), &[])?;
    let label = |slug: &str| {
        page.evaluate::<String>(
            &format!("const figure = {inside}.contentDocument.querySelector('[data-figure={slug}]'); figure.scrollIntoView(); return figure.querySelector('canvas').getAttribute('aria-label')"),
            &[],
        )
    };
    page.wait_for("the singular values are found", || {
        Ok(label("jacobian-singular-values")?.starts_with("The 10 largest of 80").then_some(()))
    })?;
    page.wait_for("all lanes are trained", || {
        Ok((label("training-loss")?.matches("after 300 updates").count() == 4).then_some(()))
    })?;
    let count: u32 = page.evaluate(&format!("return {inside}.contentWindow.__workers ?? 0"), &[])?;
    ensure!(count == 1, "{count} workers");
    Ok(())
}

pub fn a_frame_whose_one_worker_dies_trains_on(page: &Page) -> Result<()> {
    /// Updates of each lane; so many that the worker is at work when it dies.
    const LAST: u64 = 600;
    let query = format!(
        "?only=training-loss,training-gradient-norm&lanes=4&stop-step={LAST}&a.hidden-size=24&a.sequence-length=30&a.batch-size=8&c.cell=gru"
    );
    page.open_other("examples/plain.html")?;
    page.settle_frames()?;
    page.evaluate::<()>("document.querySelector('iframe').src = '../index.html' + arguments[0]", &[&query])?;
    page.wait_until(
        "the frame is live",
        &format!(
            "{LIVE_FRAME} && document.querySelector('iframe').contentWindow.location.search.includes('c.cell=gru')"
        ),
    )?;
    let inside = "document.querySelector('iframe')";
    page.evaluate::<()>(&format!("{inside}.contentDocument.querySelector('[data-action=train-start]').click()"), &[])?;
    let labels = || -> Result<[String; 2]> {
        page.evaluate(
            &format!("return ['training-loss', 'training-gradient-norm'].map((slug) => {inside}.contentDocument.querySelector(`[data-figure=${{slug}}] canvas`).getAttribute('aria-label'))"),
            &[],
        )
    };
    page.wait_until("its program can be called", &format!("return {inside}.contentWindow.wasmBindings !== undefined"))?;
    for death in ["first", "second"] {
        let before = labels()?;
        page.wait_for(&format!("it trains before its {death} death"), || Ok((labels()? != before).then_some(())))?;
        let ended = labels()?[0].matches(&format!("after {LAST} updates")).count();
        ensure!(ended < 4, "all lanes had ended before the {death} death");
        page.evaluate::<()>(&format!("{inside}.contentWindow.wasmBindings.kill_worker(0)"), &[])?;
    }
    let native = trained_natively(&query);
    for look in 1.. {
        match page.wait_for("the labels are those of native code", || Ok((labels()? == native).then_some(()))) {
            Ok(()) => break,
            Err(error) if look == LOOKS => {
                return Err(error.context(format!("{:#?} instead of {native:#?}", labels()?)));
            }
            Err(_) => {}
        }
    }
    Ok(())
}

pub const SMALL: &str = "hidden-size=12&sequence-length=15&batch-size=8&stop-step=300";

pub fn a_worker_that_dies_is_replaced(page: &Page) -> Result<()> {
    const LAST: u64 = 1000;
    let query = format!("?a.hidden-size=40&a.sequence-length=60&lanes=1&stop-step={LAST}");
    let found = train_to_the_end(page, &query, |page| {
        page.wait_for_bindings()?;
        page.wait_for("the worker answers", || Ok((update_reached(page)? > 0).then_some(())))?;
        page.evaluate::<()>("window.wasmBindings.kill_worker(0)", &[])?;
        ensure!(update_reached(page)? < LAST, "it died after its work was done");
        Ok(())
    })?;
    ensure_as_natively(&found, &query)?;
    let place = page.readouts()?.get("lab-where").cloned().unwrap_or_default();
    ensure!(place.starts_with("in workers"), "after one death it trains {place}");
    Ok(())
}

pub fn without_workers_the_page_trains_itself(page: &Page) -> Result<()> {
    let query = format!("?{SMALL}&workers=0");
    let found = train_to_the_end(page, &query, |_| Ok(()))?;
    ensure_as_natively(&found, &query)?;
    let place = page.readouts()?.get("lab-where").cloned().unwrap_or_default();
    ensure!(place.starts_with("on the page’s own thread, in slices"), "it trains {place}");
    Ok(())
}

pub fn an_explosion_is_explained(page: &Page) -> Result<()> {
    let query = "?lanes=1&a.task=adding&a.activation=relu&a.learning-rate=100&a.hidden-size=8&a.sequence-length=20";
    train_to_the_end(page, query, |_| Ok(()))?;
    page.wait_for("the remedies were tried on it", || {
        let text = page.readouts()?.get("lab-explanation").cloned().unwrap_or_default();
        Ok((text.contains("the first number that is not finite") && text.contains("stayed finite")).then_some(()))
    })
}

pub fn an_experiment_fills_its_table(page: &Page) -> Result<()> {
    let tried = "try-clip-value=0&try-clip-state=0&try-truncation=0&try-detect=0&try-l2=0&try-gradient-scale=0&try-batch-norm=0&try-lstm=0&try-gru=0";
    page.open(&format!("?a.hidden-size=8&a.sequence-length=10&a.batch-size=4&stop-step=30&seeds=2&{tried}"))?;
    page.click_action("experiment-start")?;
    page.wait_for("all six runs are done", || {
        let text = page.readouts()?.get("experiment-progress").cloned().unwrap_or_default();
        Ok(text.starts_with("done").then_some(()))
    })?;
    let rows: Vec<String> = page.evaluate(
        "return [...document.querySelectorAll('[data-evidence] tbody tr')].map((row) => row.textContent)",
        &[],
    )?;
    ensure!(rows.len() == 3 && rows.iter().any(|row| row.contains("the same bits")), "the table has {rows:#?}");
    page.click_action("sort:remedy")?;
    page.wait_for("the table is sorted", || {
        let first: String =
            page.evaluate("return document.querySelector('[data-evidence] tbody th').textContent", &[])?;
        Ok((first == "clip by global norm").then_some(()))
    })
}
