//! What the data of a panel span.
use super::axis::Extent;
use crate::scene::{Mark, Panel, Scale};

/// The extents of both axes.
pub fn extents(panel: &Panel) -> (Extent, Extent) {
    let mut x = Vec::new();
    let mut y = Vec::new();
    for mark in &panel.marks {
        collect(mark, &mut x, &mut y, panel.y.scale == Scale::Linear);
    }
    for handle in &panel.handles {
        x.push(handle.at.0);
        y.push(handle.at.1);
    }
    x.extend(panel.cursor);
    // Lines span the panel's width; markers that stand alone keep off its edges.
    let x_room = if panel.marks.iter().any(stands_alone) { 0.03 } else { 0.0 };
    let y_room = if panel.marks.iter().all(|mark| matches!(mark, Mark::Heatmap { .. })) { 0.0 } else { 0.05 };
    let x_extent = Extent::new(&panel.x, x, x_room);
    let mut y_extent = Extent::new(&panel.y, y.iter().copied(), y_room);
    // Bars stand on the axis.
    let bars = panel.marks.iter().any(|mark| matches!(mark, Mark::Bars { .. }));
    let positive = y.iter().all(|value| value.is_nan() || *value >= 0.0);
    if bars && positive && panel.y.range.is_none() && panel.y.scale == Scale::Linear && y_extent.high > 0.0 {
        y_extent.low = 0.0;
    }
    (x_extent, y_extent)
}

fn stands_alone(mark: &Mark) -> bool {
    match mark {
        Mark::Series(series) => series.line.is_none(),
        Mark::Intervals { .. } => true,
        _ => false,
    }
}

fn collect(mark: &Mark, x: &mut Vec<f64>, y: &mut Vec<f64>, linear: bool) {
    match mark {
        Mark::Series(series) => {
            for (place, value) in series.points.iter().filter(|point| !point.0.is_nan() && !point.1.is_nan()) {
                x.push(*place);
                y.push(*value);
            }
        }
        Mark::Band { points, .. } => {
            for (place, low, high) in points {
                x.push(*place);
                y.extend([*low, *high]);
            }
        }
        Mark::Bars { bars, .. } => {
            for (from, to, height) in bars {
                x.extend([*from, *to]);
                y.push(*height);
            }
            if linear {
                y.push(0.0);
            }
        }
        Mark::Intervals { points, .. } => {
            for (place, low, middle, high) in points {
                x.push(*place);
                y.extend([*low, *middle, *high]);
            }
        }
        Mark::Horizontal { y: value, .. } => y.push(*value),
        Mark::Vertical { x: place, .. } => x.push(*place),
        // An infinite bound of a zone is the panel's edge, no value.
        Mark::Zone { x: places, y: values, .. } => {
            x.extend([places.0, places.1].into_iter().filter(|bound| bound.is_finite()));
            y.extend([values.0, values.1].into_iter().filter(|bound| bound.is_finite()));
        }
        Mark::Heatmap { rows, columns, .. } => {
            x.extend([0.0, *columns as f64]);
            y.extend([0.0, *rows as f64]);
        }
        Mark::Arrow { from, to, .. } => {
            x.extend([from.0, to.0]);
            y.extend([from.1, to.1]);
        }
        Mark::Outline { points, .. } => {
            for (place, value) in points {
                x.push(*place);
                y.push(*value);
            }
        }
        Mark::Text { at, .. } => {
            x.push(at.0);
            y.push(at.1);
        }
    }
}
