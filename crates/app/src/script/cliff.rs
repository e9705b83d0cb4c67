//! Chapter 5, in plain Python.
use super::spec::Script;
use crate::schema;
use vanishing_core::studies::cliff;

/// The two descents.
pub const DESCENTS: Script = Script {
    figures: &["cliff", "cliff-descent"],
    near: "Prints both descents: to 1e-6 until one of them touches the face of the cliff; from there on they are chaotic, and the last bit decides.",
    needs: "import math",
    body: |settings, _| {
        format!(
            r#"w0, b0 = {:?}, {:?}
rate, threshold, steps = {:?}, {:?}, {}
T, target = {}, {:?}


def sigmoid(x):
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def error_and_gradient(w, b):
    x, dx_dw, dx_db = {:?}, 0.0, 0.0
    for _ in range(T):
        s = sigmoid(x)
        slope = w * s * (1 - s)
        x, dx_dw, dx_db = w * s + b, s + slope * dx_dw, 1 + slope * dx_db
    y = sigmoid(x)
    out = 2 * (y - target) * y * (1 - y)
    return (y - target) ** 2, out * dx_dw, out * dx_db


print("step,unclipped w,unclipped b,unclipped error,clipped w,clipped b,clipped error")
ways = [[w0, b0, math.inf], [w0, b0, threshold]]
for step in range(steps + 1):
    row = [step]
    for way in ways:
        w, b, limit = way
        error, gw, gb = error_and_gradient(w, b)
        row += [w, b, error]
        norm = math.hypot(gw, gb)
        shorter = min(1.0, limit / norm) if norm > 0 else 1.0
        way[0], way[1] = w - rate * shorter * gw, b - rate * shorter * gb
    print(*row, sep=",")
"#,
            settings.get(&schema::CLIFF_W),
            settings.get(&schema::CLIFF_B),
            settings.get(&schema::CLIFF_RATE),
            settings.get(&schema::CLIFF_THRESHOLD),
            cliff::DESCENT,
            cliff::STEPS,
            cliff::TARGET,
            cliff::START,
        )
    },
};
