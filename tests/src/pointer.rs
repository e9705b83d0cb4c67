//! Gestures as the W3C WebDriver standard writes them down: real input, through the browser's own event handling.

use serde_json::{Value, json};

/// A point of the window in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// From the left edge.
    pub x: f64,
    /// From the upper edge.
    pub y: f64,
}

/// The pause between two moves of a drag, about one frame.
const MOVE_PAUSE_MS: u32 = 16;

/// Press at `from`, move to `to` in `moves` steps, release.
pub fn drag(from: Point, to: Point, moves: u32) -> Value {
    let mut actions = held(from, to, moves);
    actions.push(json!({ "type": "pointerUp", "button": 0 }));
    mouse(&actions)
}

/// The same without the release.
pub fn hold(from: Point, to: Point, moves: u32) -> Value {
    mouse(&held(from, to, moves))
}

/// The release of what is held.
pub fn let_go() -> Value {
    mouse(&[json!({ "type": "pointerUp", "button": 0 })])
}

fn held(from: Point, to: Point, moves: u32) -> Vec<Value> {
    let mut actions = vec![move_to(from), json!({ "type": "pointerDown", "button": 0 })];
    for step in 1..=moves {
        let share = f64::from(step) / f64::from(moves);
        actions.push(json!({ "type": "pause", "duration": MOVE_PAUSE_MS }));
        actions.push(move_to(Point { x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) }));
    }
    actions.push(json!({ "type": "pause", "duration": MOVE_PAUSE_MS }));
    actions
}

/// One click.
pub fn click(at: Point) -> Value {
    mouse(&[move_to(at), json!({ "type": "pointerDown", "button": 0 }), json!({ "type": "pointerUp", "button": 0 })])
}

/// Keys pressed and released one after another.
pub fn press(keys: &str) -> Value {
    let actions: Vec<Value> = keys
        .chars()
        .flat_map(|key| [json!({ "type": "keyDown", "value": key }), json!({ "type": "keyUp", "value": key })])
        .collect();
    json!([{ "type": "key", "id": "keyboard", "actions": actions }])
}

fn mouse(actions: &[Value]) -> Value {
    json!([{ "type": "pointer", "id": "mouse", "parameters": { "pointerType": "mouse" }, "actions": actions }])
}

fn move_to(point: Point) -> Value {
    // Whole pixels: not every driver takes fractions.
    let (x, y) = (point.x.round() as i64, point.y.round() as i64);
    json!({ "type": "pointerMove", "duration": 0, "origin": "viewport", "x": x, "y": y })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drag_ends_where_it_should() {
        let gesture = drag(Point { x: 10.0, y: 5.0 }, Point { x: 20.0, y: 5.0 }, 4);
        let actions = gesture[0]["actions"].as_array().expect("actions are a list");
        assert_eq!(actions[0]["x"], 10);
        assert_eq!(actions[1]["type"], "pointerDown");
        assert_eq!(actions[actions.len() - 3]["x"], 20);
        assert_eq!(actions[actions.len() - 1]["type"], "pointerUp");
    }
}
