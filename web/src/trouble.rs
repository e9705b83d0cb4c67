//! What happens when the program itself fails: the last pictures stay, and a sentence says so.
use crate::dom;
use std::panic::PanicHookInfo;
use std::sync::Once;

/// Makes panics visible on the page. A panic ends the program inside the page: every later event finds the shell taken
/// and does nothing, so the pictures and the text stay as they are.
pub fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| std::panic::set_hook(Box::new(say)));
}

fn say(panic: &PanicHookInfo<'_>) {
    dom::complain(&panic.to_string());
    let Some(document) = dom::document() else { return };
    let Ok(Some(place)) = document.query_selector("[data-trouble]") else { return };
    let text = format!(
        "A mistake in this page’s own program stopped it. The pictures stay as they were; loading the page again starts \
         it afresh. For a report: {panic}"
    );
    place.set_text_content(Some(&text));
    let _ = place.remove_attribute("hidden");
}
