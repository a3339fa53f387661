//! What a chart consists of once it is laid out: simple shapes in CSS pixels, and what lies under the pointer.
//! Layout makes a [`Scene`], `paint` brings it to any backend; so the two can be tested apart.

use super::axis::Axis;
use tracesift_core::figure::{Dot, Rule};

/// A point in CSS pixels, y downwards.
pub type Point = (f64, f64);

/// A rectangle in CSS pixels.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Rect {
    /// Its left side.
    pub left: f64,
    /// Its upper side.
    pub top: f64,
    /// Its right side.
    pub right: f64,
    /// Its lower side.
    pub bottom: f64,
}

impl Rect {
    /// The rectangle between two corners, whichever comes first.
    pub fn new(left: f64, top: f64, right: f64, bottom: f64) -> Self {
        Self {
            left: left.min(right),
            top: top.min(bottom),
            right: left.max(right),
            bottom: top.max(bottom),
        }
    }

    /// Its width.
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    /// Its height.
    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }

    /// Whether a point is inside or on the upper or left side.
    pub fn holds(&self, (x, y): Point) -> bool {
        x >= self.left && x < self.right && y >= self.top && y < self.bottom
    }
}

/// A colour with its opacity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ink {
    /// Red, green, blue.
    pub rgb: (u8, u8, u8),
    /// From 0 (nothing) to 1.
    pub alpha: f64,
}

impl Ink {
    /// An opaque colour from `0xRRGGBB`.
    pub const fn hex(rgb: u32) -> Self {
        let [_, r, g, b] = rgb.to_be_bytes();
        Self {
            rgb: (r, g, b),
            alpha: 1.0,
        }
    }

    /// The same colour, see-through.
    pub const fn thin(self, alpha: f64) -> Self {
        Self { alpha, ..self }
    }
}

/// Which side of a text its point marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// The text begins there.
    Start,
    /// The text is centred there.
    Middle,
    /// The text ends there.
    End,
}

/// One simple shape.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A filled rectangle.
    Area(Rect, Ink),
    /// A line through points, with its width.
    Path(Vec<Point>, f64, Ink),
    /// A filled polygon.
    Polygon(Vec<Point>, Ink),
    /// A filled circle.
    Disk(Point, f64, Ink),
    /// A circle's line: centre, radius, width.
    Ring(Point, f64, f64, Ink),
    /// A line of text, vertically centred on its point.
    Text(Words),
}

/// A line of text.
#[derive(Debug, Clone, PartialEq)]
pub struct Words {
    /// Where.
    pub at: Point,
    /// What.
    pub text: String,
    /// Height of the face in CSS pixels.
    pub size: f64,
    /// Whether it is bold.
    pub bold: bool,
    /// Which side of it `at` is.
    pub align: Align,
    /// Its colour.
    pub ink: Ink,
}

/// What lies under a part of the chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    /// Where it answers to the pointer.
    pub place: HitArea,
    /// What it says.
    pub says: Says,
}

/// Where a region answers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum HitArea {
    /// Everywhere in a rectangle.
    Within(Rect),
    /// Near a point; of several the nearest answers.
    Near(Point),
}

/// What a region says; a dot's words are made when they are asked for, since there are thousands of dots.
#[derive(Debug, Clone, PartialEq)]
pub enum Says {
    /// These words, for the rows that fulfil these rules.
    Words(String, Vec<Rule>),
    /// One row.
    Dot(Dot),
}

/// A chart that is laid out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scene {
    /// What is drawn, the first at the back.
    pub shapes: Vec<Shape>,
    /// What lies under the pointer, the last in front.
    pub regions: Vec<Region>,
    /// Where the marks are.
    pub plot: Rect,
    /// The horizontal axis, where it is one of numbers.
    pub axis: Option<Axis>,
    /// Where its bins begin (and the last ends), for a brush that takes whole bins.
    pub edges: Vec<f64>,
}

impl Scene {
    /// Fills a rectangle.
    pub fn area(&mut self, rect: Rect, ink: Ink) {
        self.shapes.push(Shape::Area(rect, ink));
    }

    /// Draws a rectangle's line, inside of it. Four thin areas: those stay sharp at every scale.
    pub fn outline(&mut self, r: Rect, width: f64, ink: Ink) {
        if r.width() <= 2.0 * width || r.height() <= 2.0 * width {
            return self.area(r, ink);
        }
        let (top, bottom) = (r.top + width, r.bottom - width);
        self.area(Rect::new(r.left, r.top, r.right, top), ink);
        self.area(Rect::new(r.left, bottom, r.right, r.bottom), ink);
        self.area(Rect::new(r.left, top, r.left + width, bottom), ink);
        self.area(Rect::new(r.right - width, top, r.right, bottom), ink);
    }

    /// A horizontal line, one pixel thick, below `y`.
    pub fn level(&mut self, left: f64, right: f64, y: f64, ink: Ink) {
        self.area(Rect::new(left, y, right, y + 1.0), ink);
    }

    /// A vertical line, one pixel thick, right of `x`.
    pub fn upright(&mut self, x: f64, top: f64, bottom: f64, ink: Ink) {
        self.area(Rect::new(x, top, x + 1.0, bottom), ink);
    }

    /// A vertical dashed line, `thick` pixels, centred on `x`.
    pub fn dashes(&mut self, x: f64, top: f64, bottom: f64, thick: f64, ink: Ink) {
        let mut y = top;
        while y < bottom {
            let end = (y + 4.0).min(bottom);
            self.area(Rect::new(x - thick / 2.0, y, x + thick / 2.0, end), ink);
            y += 7.0;
        }
    }

    /// Diagonal lines across a rectangle: a second cue beside colour.
    pub fn hatch(&mut self, r: Rect, gap: f64, ink: Ink) {
        let gap = gap.max(1.0);
        let mut start = r.left - r.height();
        while start < r.right {
            // The line from (start, bottom) to (start + height, top), cut to the rectangle.
            let from = start.max(r.left);
            let to = (start + r.height()).min(r.right);
            if to - from > 0.5 {
                let points = vec![
                    (from, r.bottom - (from - start)),
                    (to, r.bottom - (to - start)),
                ];
                self.shapes.push(Shape::Path(points, 1.0, ink));
            }
            start += gap;
        }
    }

    /// A line through points.
    pub fn path(&mut self, points: Vec<Point>, width: f64, ink: Ink) {
        if points.len() > 1 {
            self.shapes.push(Shape::Path(points, width, ink));
        }
    }

    /// A line of text in the usual size.
    pub fn text(&mut self, at: Point, text: impl Into<String>, align: Align, ink: Ink) {
        self.sized(at, text, super::FACE, align, ink);
    }

    /// A line of text.
    pub fn sized(&mut self, at: Point, text: impl Into<String>, size: f64, align: Align, ink: Ink) {
        self.shapes.push(Shape::Text(Words {
            at,
            text: text.into(),
            size,
            bold: false,
            align,
            ink,
        }));
    }

    /// Says what lies within a rectangle.
    pub fn region(&mut self, rect: Rect, words: impl Into<String>, rules: Vec<Rule>) {
        self.regions.push(Region {
            place: HitArea::Within(rect),
            says: Says::Words(words.into(), rules),
        });
    }
}
