//! How a figure looks: laid out in CSS pixels, then brought to any plotters backend at any scale.
//! On the page the ground is the page's; a file gets its own ground, title and caption.

pub mod axis; // from values to pixels and back, ticks
mod bars; // counts by name
mod curve; // kept as a function of the budget
mod explore; // a person's own: small charts side by side
mod guide; // what charts share: legend, axes, marks
mod histogram; // counts by a number
mod interval; // rates with their intervals
mod limits; // kept as a function of the limit, part by part
mod paint; // from a scene to a backend
pub mod plot; // what lies under the pointer, once it is drawn
mod scatter; // one dot per row
pub mod scene; // simple shapes in CSS pixels
mod shares; // parts of wholes
pub mod text; // how wide a text is, cut and broken to fit
pub mod theme; // colours, light and dark

pub use plot::{Hit, Plot};
pub use theme::Theme;

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters_backend::DrawingBackend;
use plotters_svg::SVGBackend;

use scene::{Align, Rect, Scene, Shape};
use text::wrap;
use theme::Palette;
use tracesift_core::figure::{Body, Figure};

/// Height of the usual face, in CSS pixels.
const FACE: f64 = 12.0;
/// Height of the face of axes.
const SMALL: f64 = 11.0;
/// Height of a title's face.
const TITLE: f64 = 16.0;
/// Space around a chart that stands alone.
const MARGIN: f64 = 16.0;
/// Distance of two lines of a caption.
const LEADING: f64 = 17.0;

/// The least room of a chart.
const LEAST: (f64, f64) = (120.0, 60.0);

/// Why a chart could not be drawn.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChartError {
    /// There is no room for it.
    #[error("a chart needs at least 120 × 60 pixels, but has {0} × {1}; make its place larger")]
    TooSmall(u32, u32),
    /// The scale is not a positive number.
    #[error(
        "a chart can't be drawn at the scale {0}; use the device's pixels per CSS pixel, such as 2"
    )]
    Scale(String),
    /// The backend failed.
    #[error(
        "the browser could not draw the chart: {0}; reload the page, or download the chart's table instead"
    )]
    Backend(String),
}

/// The height that suits a figure of this width, both in CSS pixels.
pub fn height(figure: &Figure, width: f64) -> f64 {
    let needed = match &figure.body {
        Body::Empty(_) => 120.0,
        Body::Bars(bars) => bars::height(figure, bars, width),
        Body::Shares(shares) => shares::height(figure, shares, width),
        Body::Intervals(intervals) => interval::height(figure, intervals, width),
        Body::Histogram(_) | Body::Curve(_) => 230.0,
        Body::Limits(limits) => limits::height(figure, limits, width),
        Body::Scatter(_) => 300.0,
        Body::Explore(of) => explore::height(figure, of, width),
    };
    needed.max(LEAST.1)
}

/// Draws a figure over a whole area, without a ground. `scale` is the device's pixels a CSS pixel; the plot that
/// comes back counts in CSS pixels.
///
/// # Errors
/// [`ChartError`] where the area is too small or the backend fails.
pub fn draw<DB: DrawingBackend>(
    figure: &Figure,
    area: &DrawingArea<DB, Shift>,
    theme: Theme,
    scale: f64,
) -> Result<Plot, ChartError> {
    let room = room(area, scale)?;
    let scene = layout(figure, room, theme.palette());
    paint::paint(&scene, area, scale, 1.0)?;
    Ok(Plot::new(figure, scene))
}

/// Draws a figure that stands alone, with its ground, title and caption: for a file.
///
/// # Errors
/// [`ChartError`] where the area is too small or the backend fails.
pub fn draw_alone<DB: DrawingBackend>(
    figure: &Figure,
    area: &DrawingArea<DB, Shift>,
    theme: Theme,
    scale: f64,
) -> Result<(), ChartError> {
    let room = room(area, scale)?;
    paint::paint(&alone(figure, room, theme.palette()), area, scale, 1.0)
}

/// The height that suits a figure that stands alone.
pub fn height_alone(figure: &Figure, width: f64) -> f64 {
    let inner = (width - 2.0 * MARGIN).max(0.0);
    let lines = caption(figure, inner).len() as f64;
    height(figure, inner) + 2.0 * MARGIN + TITLE + 10.0 + lines * LEADING + 8.0
}

/// How many units of an SVG file make a CSS pixel: backends draw at whole units, and an eye sees half a pixel.
const UNITS: u32 = 4;
/// What plotters divides an SVG's font sizes by.
const SVG_TEXT: f64 = 1.24;

/// A figure as an SVG file, with its ground, title, caption and its text alternative. `width` in CSS pixels.
///
/// # Errors
/// [`ChartError`] where the width is too small.
pub fn svg(figure: &Figure, width: u32, theme: Theme) -> Result<String, ChartError> {
    let height = height_alone(figure, f64::from(width)).ceil() as u32;
    let size = (width.saturating_mul(UNITS), height.saturating_mul(UNITS));
    let mut file = String::new();
    {
        let area = SVGBackend::with_string(&mut file, size).into_drawing_area();
        let scale = f64::from(UNITS);
        let scene = alone(figure, room(&area, scale)?, theme.palette());
        paint::paint(&scene, &area, scale, SVG_TEXT)?;
        area.present()
            .map_err(|error| ChartError::Backend(error.to_string()))?;
    }
    let drawn = format!("width=\"{}\" height=\"{}\"", size.0, size.1);
    let shown = format!("width=\"{width}\" height=\"{height}\" role=\"img\"");
    let file = file.replacen(&drawn, &shown, 1);
    let words = format!(
        ">\n<title>{}</title>\n<desc>{}</desc>",
        escaped(figure.title()),
        escaped(&figure.alt)
    );
    Ok(file.replacen('>', &words, 1))
}

/// The caption of a chart that stands alone, which also says what is selected.
fn caption(figure: &Figure, width: f64) -> Vec<String> {
    let words = format!("{}{}", figure.selected(), figure.caption);
    match words.is_empty() {
        true => Vec::new(),
        false => wrap(&words, FACE, width),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

fn room<DB: DrawingBackend>(area: &DrawingArea<DB, Shift>, scale: f64) -> Result<Rect, ChartError> {
    if !(scale.is_finite() && scale > 0.0) {
        return Err(ChartError::Scale(scale.to_string()));
    }
    let (width, height) = area.dim_in_pixel();
    let (w, h) = (f64::from(width) / scale, f64::from(height) / scale);
    if w < LEAST.0 || h < LEAST.1 {
        return Err(ChartError::TooSmall(w as u32, h as u32));
    }
    Ok(Rect::new(0.0, 0.0, w, h))
}

/// Lays a figure out in a room.
fn layout(figure: &Figure, room: Rect, palette: &Palette) -> Scene {
    let mut scene = Scene {
        plot: room,
        ..Scene::default()
    };
    match &figure.body {
        Body::Empty(why) => guide::sentence(&mut scene, why, room, palette),
        Body::Bars(bars) => bars::layout(&mut scene, figure, bars, room, palette),
        Body::Shares(shares) => shares::layout(&mut scene, figure, shares, room, palette),
        Body::Histogram(histogram) => {
            histogram::layout(&mut scene, figure, histogram, room, palette)
        }
        Body::Curve(curve) => curve::layout(&mut scene, figure, curve, room, palette),
        Body::Limits(limits) => limits::layout(&mut scene, figure, limits, room, palette),
        Body::Scatter(scatter) => scatter::layout(&mut scene, figure, scatter, room, palette),
        Body::Intervals(intervals) => {
            interval::layout(&mut scene, figure, intervals, room, palette)
        }
        Body::Explore(of) => explore::layout(&mut scene, figure, of, room, palette),
    }
    scene
}

/// Lays a figure out with its ground, title and caption.
fn alone(figure: &Figure, room: Rect, palette: &Palette) -> Scene {
    let inner = Rect::new(
        room.left + MARGIN,
        room.top + MARGIN,
        room.right - MARGIN,
        room.bottom - MARGIN,
    );
    let mut words = Scene::default();
    words.area(room, palette.paper);
    words.sized(
        (inner.left, inner.top + TITLE / 2.0),
        figure.title(),
        TITLE,
        Align::Start,
        palette.ink,
    );
    if let Some(Shape::Text(title)) = words.shapes.last_mut() {
        title.bold = true;
    }
    let mut y = inner.top + TITLE + 10.0;
    for line in caption(figure, inner.width()) {
        words.text(
            (inner.left, y + LEADING / 2.0),
            line,
            Align::Start,
            palette.soft,
        );
        y += LEADING;
    }
    let below = Rect::new(
        inner.left,
        (y + 8.0).min(inner.bottom),
        inner.right,
        inner.bottom,
    );
    let mut scene = layout(figure, below, palette);
    words.shapes.append(&mut scene.shapes);
    scene.shapes = words.shapes;
    scene
}
