//! A flamegraph as one SVG file: each stage as wide as what it cost, with the stages within it on top.

use std::fmt::Write;

use super::{Figure, Sample};

const WIDTH: f64 = 1_200.0;
const MARGIN: f64 = 10.0;
const ROW: f64 = 22.0;
const HEAD: f64 = 40.0;

/// About the width of a letter of 12 points: names that do not fit are left to the tooltip.
const LETTER: f64 = 7.0;

/// A frame with all that lies within it.
struct Frame {
    name: String,
    value: u64,
    inner: Vec<Frame>,
}

impl Frame {
    fn root(samples: &[Sample]) -> Self {
        let mut root = Self { name: "logprocessor".to_owned(), value: 0, inner: Vec::new() };
        samples.iter().for_each(|sample| root.add(&sample.path, sample.values[1]));
        root
    }

    fn add(&mut self, path: &[String], value: u64) {
        self.value += value;
        let Some((name, rest)) = path.split_first() else { return };
        let place = self.inner.iter().position(|frame| frame.name == *name).unwrap_or_else(|| {
            self.inner.push(Self { name: name.clone(), value: 0, inner: Vec::new() });
            self.inner.len() - 1
        });
        self.inner[place].add(rest, value);
    }

    fn depth(&self) -> usize {
        1 + self.inner.iter().map(Self::depth).max().unwrap_or_default()
    }
}

pub(super) fn draw(figure: Figure, samples: &[Sample]) -> String {
    let root = Frame::root(samples);
    let height = HEAD + ROW * root.depth() as f64 + MARGIN;
    let mut svg = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" \
         height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" font-family=\"monospace\" font-size=\"12\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fbf7ee\"/>\n\
         <text x=\"{MARGIN}\" y=\"24\" font-size=\"16\">{}</text>\n",
        figure.title()
    );
    let whole = root.value.max(1);
    let bottom = height - MARGIN - ROW;
    place(&mut svg, figure, &root, whole, (MARGIN, bottom, 0));
    svg.push_str("</svg>\n");
    svg
}

fn place(svg: &mut String, figure: Figure, frame: &Frame, whole: u64, (left, top, hue): (f64, f64, u32)) {
    let share = frame.value as f64 / whole as f64;
    let width = share * (WIDTH - 2.0 * MARGIN);
    let name = escaped(&frame.name);
    let label = if name.len() as f64 * LETTER < width { name.as_str() } else { "" };
    // Writing into a string cannot fail.
    let _ = writeln!(
        svg,
        "<g><title>{name}: {}, {:.1} %</title><rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{width:.1}\" height=\"{:.1}\" \
         fill=\"hsl({hue} 75% 65%)\"/><text x=\"{:.1}\" y=\"{:.1}\">{label}</text></g>",
        figure.shown(frame.value),
        share * 100.0,
        ROW - 1.0,
        left + 4.0,
        top + 15.0,
    );
    let mut inner_left = left;
    for (number, inner) in (1..).zip(&frame.inner) {
        place(svg, figure, inner, whole, (inner_left, top - ROW, (hue + 23 * number) % 60));
        inner_left += inner.value as f64 / whole as f64 * (WIDTH - 2.0 * MARGIN);
    }
}

fn escaped(name: &str) -> String {
    name.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(path: &[&str], value: u64) -> Sample {
        Sample { path: path.iter().map(|name| (*name).to_owned()).collect(), values: [1, value] }
    }

    #[test]
    fn frames_are_as_wide_as_their_shares() {
        let samples = [sample(&["cut", "read"], 250), sample(&["cut"], 250), sample(&["<b>"], 500)];
        let svg = draw(Figure::Memory, &samples);
        for title in ["logprocessor: 1000 B, 100.0 %", "cut: 500 B, 50.0 %", "read: 250 B, 25.0 %", "&lt;b&gt;: 500 B"]
        {
            assert!(svg.contains(&format!("<title>{title}")), "{title} in {svg}");
        }
        assert!(svg.contains("width=\"1180.0\"") && svg.contains("width=\"590.0\"") && svg.contains("width=\"295.0\""));
    }

    #[test]
    fn nothing_measured_is_still_a_picture() {
        assert!(draw(Figure::Cpu, &[]).ends_with("</svg>\n"));
    }
}
