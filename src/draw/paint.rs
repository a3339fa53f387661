//! Brings a [`Scene`] to a backend: CSS pixels times the scale, rounded to the backend's whole pixels.
//! The only code here that knows plotters.

use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::element::{Drawable, PointCollection};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontDesc, FontFamily, FontStyle, RGBAColor, ShapeStyle, TextStyle};
use plotters_backend::{BackendCoord, DrawingBackend, DrawingErrorKind};

use super::ChartError;
use super::scene::{Align, Ink, Point, Rect, Scene, Shape, Words};

/// The face of all texts: the page's own.
const FAMILY: &str = "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif";

/// Draws a scene. `scale` is the device's pixels a CSS pixel; `text` what a backend's font sizes are multiplied by.
pub fn paint<DB: DrawingBackend>(
    scene: &Scene,
    area: &DrawingArea<DB, Shift>,
    scale: f64,
    text: f64,
) -> Result<(), ChartError> {
    let picture = Picture {
        scene,
        scale,
        text: text * scale,
    };
    area.draw(&picture)
        .map_err(|error| ChartError::Backend(error.to_string()))
}

/// A scene as one plotters element, placed by its upper left corner.
struct Picture<'a> {
    scene: &'a Scene,
    scale: f64,
    text: f64,
}

impl<'a> PointCollection<'a, BackendCoord> for &'a Picture<'_> {
    type Point = BackendCoord;
    type IntoIter = std::iter::Once<BackendCoord>;

    fn point_iter(self) -> Self::IntoIter {
        std::iter::once((0, 0))
    }
}

impl<DB: DrawingBackend> Drawable<DB> for Picture<'_> {
    fn draw<I: Iterator<Item = BackendCoord>>(
        &self,
        mut at: I,
        backend: &mut DB,
        _: (u32, u32),
    ) -> Result<(), DrawingErrorKind<DB::ErrorType>> {
        let corner = at.next().unwrap_or_default();
        let pen = Pen {
            corner,
            scale: self.scale,
            text: self.text,
        };
        self.scene
            .shapes
            .iter()
            .try_for_each(|shape| pen.shape(shape, backend))
    }
}

struct Pen {
    corner: BackendCoord,
    scale: f64,
    text: f64,
}

impl Pen {
    fn shape<DB: DrawingBackend>(
        &self,
        shape: &Shape,
        backend: &mut DB,
    ) -> Result<(), DrawingErrorKind<DB::ErrorType>> {
        match shape {
            Shape::Area(rect, ink) => {
                let (from, to) = self.corners(rect);
                backend.draw_rect(from, to, &self.line(*ink, 1.0), true)
            }
            Shape::Path(points, width, ink) => backend.draw_path(
                points.iter().map(|&point| self.at(point)),
                &self.line(*ink, *width),
            ),
            Shape::Polygon(points, ink) => backend.fill_polygon(
                points.iter().map(|&point| self.at(point)),
                &self.line(*ink, 1.0),
            ),
            Shape::Disk(centre, radius, ink) => backend.draw_circle(
                self.at(*centre),
                self.length(*radius),
                &self.line(*ink, 1.0),
                true,
            ),
            Shape::Ring(centre, radius, width, ink) => backend.draw_circle(
                self.at(*centre),
                self.length(*radius),
                &self.line(*ink, *width),
                false,
            ),
            Shape::Text(words) => self.words(words, backend),
        }
    }

    fn words<DB: DrawingBackend>(
        &self,
        words: &Words,
        backend: &mut DB,
    ) -> Result<(), DrawingErrorKind<DB::ErrorType>> {
        let style = if words.bold {
            FontStyle::Bold
        } else {
            FontStyle::Normal
        };
        let side = match words.align {
            Align::Start => HPos::Left,
            Align::Middle => HPos::Center,
            Align::End => HPos::Right,
        };
        let font = FontDesc::new(FontFamily::Name(FAMILY), words.size * self.text, style);
        let colour = colour(words.ink);
        let style = TextStyle::from(font)
            .color(&colour)
            .pos(Pos::new(side, VPos::Center));
        backend.draw_text(&words.text, &style, self.at(words.at))
    }

    /// A rectangle's corners; one that is there at all is at least a pixel wide and high.
    fn corners(&self, rect: &Rect) -> (BackendCoord, BackendCoord) {
        let from = self.at((rect.left, rect.top));
        let to = self.at((rect.right, rect.bottom));
        let grown = |from: i32, to: i32, length: f64| match length > 0.0 && to <= from {
            true => from.saturating_add(1),
            false => to,
        };
        (
            from,
            (
                grown(from.0, to.0, rect.width()),
                grown(from.1, to.1, rect.height()),
            ),
        )
    }

    /// Casts from floats saturate, so that no value can overflow.
    fn at(&self, (x, y): Point) -> BackendCoord {
        (
            self.corner
                .0
                .saturating_add((x * self.scale).round() as i32),
            self.corner
                .1
                .saturating_add((y * self.scale).round() as i32),
        )
    }

    fn length(&self, length: f64) -> u32 {
        (length * self.scale).round().max(1.0) as u32
    }

    fn line(&self, ink: Ink, width: f64) -> ShapeStyle {
        ShapeStyle::from(colour(ink)).stroke_width(self.length(width))
    }
}

fn colour(ink: Ink) -> RGBAColor {
    let (r, g, b) = ink.rgb;
    RGBAColor(r, g, b, ink.alpha)
}
