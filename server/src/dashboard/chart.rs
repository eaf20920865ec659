//! Counts by day as bars: plain SVG that needs no script and no style of its own.
//!
//! Days and counts in; rectangles with whole numbers for places out.

/// One bar, or one piece of a bar.
pub(super) struct Bar {
    pub(super) class: &'static str,
    pub(super) x: usize,
    pub(super) y: usize,
    pub(super) width: usize,
    pub(super) height: usize,
}

/// Bars in a box.
pub(super) struct Chart {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) bars: Vec<Bar>,
    /// The largest sum of a day.
    pub(super) most: usize,
}

/// Stacked bars: one for each day, its pieces from the bottom up.
pub(super) fn stacked(days: &[Vec<(&'static str, usize)>], width: usize, height: usize) -> Chart {
    let most = days.iter().map(|day| day.iter().map(|(_, count)| count).sum::<usize>()).max().unwrap_or(0);
    let slot = (width / days.len().max(1)).max(1);
    let gap = if slot > 3 { slot / 4 } else { 0 };
    let mut bars = Vec::new();
    for (at, day) in days.iter().enumerate() {
        let mut below = 0;
        for (class, count) in day.iter().filter(|(_, count)| *count > 0) {
            // What is there is seen, however small beside the most.
            let tall = (count * height / most.max(1)).max(1);
            let y = height.saturating_sub(below + tall);
            bars.push(Bar { class, x: at * slot, y, width: slot - gap, height: tall });
            below += tall;
        }
    }
    Chart { width: slot * days.len().max(1), height, bars, most }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_day_fills_the_box_and_a_small_one_is_seen() {
        let chart = stacked(&[vec![("a", 300), ("b", 100)], vec![], vec![("a", 1)]], 120, 100);
        let places: Vec<_> = chart.bars.iter().map(|bar| (bar.x, bar.y, bar.height)).collect();
        assert_eq!(places, [(0, 25, 75), (0, 0, 25), (80, 99, 1)]);
        assert_eq!(chart.most, 400);
    }

    #[test]
    fn no_days_are_an_empty_box() {
        assert!(stacked(&[], 120, 100).bars.is_empty());
    }
}
