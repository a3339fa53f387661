//! The few things of the browser that have no better home: elements, the query, the tab's memory, downloads.
//! All of them give a plain Rust value; a browser that lacks one gives an empty one.

use leptos::html;
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlElement, Storage};

use crate::draw::Theme;
use crate::worker::share::Share;

/// The element with an id.
pub fn element(id: &str) -> Option<HtmlElement> {
    web_sys::window()?
        .document()?
        .get_element_by_id(id)?
        .dyn_into()
        .ok()
}

/// The address' query, without `?`.
pub fn query() -> String {
    let search = web_sys::window().and_then(|window| window.location().search().ok());
    search
        .unwrap_or_default()
        .trim_start_matches('?')
        .to_owned()
}

/// The whole address with another query.
pub fn address_with(query: &str) -> String {
    let Some(location) = web_sys::window().map(|window| window.location()) else {
        return String::new();
    };
    let origin = location.origin().unwrap_or_default();
    let path = location.pathname().unwrap_or_default();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{origin}{path}{mark}{query}")
}

/// Where a worker's program lies: the shell says it in a `meta`, relative to itself.
pub fn worker_url(name: &str) -> String {
    let find = || {
        let document = web_sys::window()?.document()?;
        let meta = document
            .query_selector(&format!("meta[name={name}]"))
            .ok()??;
        let url = meta.get_attribute("content")?;
        let base = document.base_uri().ok()??;
        Some(web_sys::Url::new_with_base(&url, &base).ok()?.href())
    };
    find().unwrap_or_default()
}

/// How many workers this machine gets, by what the browser says of its cores and its memory; not every browser tells the
/// latter.
pub fn share() -> Share {
    let Some(navigator) = web_sys::window().map(|window| window.navigator()) else {
        return Share::of(1, None);
    };
    let memory = js_sys::Reflect::get(&navigator, &"deviceMemory".into()).ok();
    Share::of(
        navigator.hardware_concurrency() as usize,
        memory.and_then(|memory| memory.as_f64()),
    )
}

/// The id of the text or number field that has the focus, if one has.
pub fn typed_into() -> Option<String> {
    let element = web_sys::window()?.document()?.active_element()?;
    let input = element.dyn_into::<web_sys::HtmlInputElement>().ok()?;
    let is_typed = matches!(input.type_().as_str(), "text" | "number" | "search");
    is_typed.then(|| input.id())
}

/// Puts a title over the tab.
pub fn set_title(title: &str) {
    if let Some(document) = web_sys::window().and_then(|window| window.document()) {
        document.set_title(title);
    }
}

/// Does something once what was changed just now is in the document.
pub fn after_drawing(job: impl FnOnce() + 'static) {
    request_animation_frame(job);
}

/// Milliseconds since 1970.
pub fn now() -> f64 {
    js_sys::Date::now()
}

/// Writes a text to the clipboard.
pub fn copy(text: &str) {
    if let Some(window) = web_sys::window() {
        let _ = window.navigator().clipboard().write_text(text);
    }
}

/// What the tab remembers under a key.
pub fn recall(key: &str) -> Option<String> {
    tab_storage()?.get_item(key).ok()?
}

/// Makes the tab remember a value, or forget it.
pub fn remember(key: &str, value: Option<&str>) {
    let Some(storage) = tab_storage() else { return };
    let _ = match value {
        Some(value) => storage.set_item(key, value),
        None => storage.remove_item(key),
    };
}

fn tab_storage() -> Option<Storage> {
    web_sys::window()?.session_storage().ok()?
}

/// The value of the input, select or text area that an event is of.
pub fn value_of(event: &web_sys::Event) -> String {
    event_target_value(event)
}

/// Whether there is room for a column beside the rest.
pub fn is_wide() -> bool {
    let width = web_sys::window().and_then(|window| window.inner_width().ok());
    width
        .and_then(|width| width.as_f64())
        .is_none_or(|width| width > 900.0)
}

/// Whether the `details` that a toggle event is of is open now.
pub fn is_open(event: &web_sys::Event) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| target.has_attribute("open"))
}

/// Pixels of the screen a CSS pixel.
pub fn device_pixels() -> f64 {
    web_sys::window().map_or(1.0, |window| window.device_pixel_ratio().clamp(1.0, 4.0))
}

/// The element that an event is of.
pub fn target_of(event: &web_sys::Event) -> Option<HtmlElement> {
    event.target()?.dyn_into().ok()
}

/// What has the focus, where that is more than the page as a whole.
pub fn focused() -> Option<HtmlElement> {
    let element: HtmlElement = document().active_element()?.dyn_into().ok()?;
    (element.tag_name() != "BODY").then_some(element)
}

/// The ground that the user's browser wants, as it changes; listened for as long as the component lives that asks.
pub fn theme() -> Memo<Theme> {
    let is_dark = is_so("(prefers-color-scheme: dark)");
    Memo::new(move |_| {
        if is_dark.get() {
            Theme::Dark
        } else {
            Theme::Light
        }
    })
}

/// Whether a media query holds, as it changes; listened for as long as the component lives that asks.
pub fn is_so(query: &str) -> RwSignal<bool> {
    let query = web_sys::window().and_then(|window| window.match_media(query).ok().flatten());
    let is_so = RwSignal::new(query.as_ref().is_some_and(|query| query.matches()));
    if let Some(query) = query {
        let listener = Closure::<dyn Fn(web_sys::MediaQueryListEvent)>::new(
            move |event: web_sys::MediaQueryListEvent| is_so.set(event.matches()),
        );
        query.set_onchange(Some(listener.as_ref().unchecked_ref()));
        let held = SendWrapper::new((query, listener));
        on_cleanup(move || {
            let (query, _) = &*held;
            query.set_onchange(None);
        });
    }
    is_so
}

/// The width of a canvas in CSS pixels, as it changes; 0 before it is shown.
pub fn width_of(canvas: NodeRef<html::Canvas>) -> RwSignal<f64> {
    let width = RwSignal::new(0.0);
    Effect::new(move |_| {
        let Some(canvas) = canvas.get() else { return };
        width.set(f64::from(canvas.client_width()));
        let watched = canvas.clone();
        let listener = Closure::<dyn Fn()>::new(move || {
            let now = f64::from(watched.client_width());
            if now > 0.0 && width.get_untracked() != now {
                width.set(now);
            }
        });
        let Ok(observer) = web_sys::ResizeObserver::new(listener.as_ref().unchecked_ref()) else {
            return;
        };
        observer.observe(&canvas);
        let held = SendWrapper::new((observer, listener));
        on_cleanup(move || {
            let (observer, _) = &*held;
            observer.disconnect();
        });
    });
    width
}

/// An SVG text painted by the browser, as PNG; `None` where the browser can't.
pub async fn painted(svg: &str, scale: f64) -> Option<Vec<u8>> {
    let options = web_sys::BlobPropertyBag::new();
    options.set_type("image/svg+xml");
    let pieces = js_sys::Array::of1(&svg.into());
    let blob = web_sys::Blob::new_with_str_sequence_and_options(&pieces, &options).ok()?;
    let url = web_sys::Url::create_object_url_with_blob(&blob).ok()?;
    let image = web_sys::HtmlImageElement::new().ok()?;
    image.set_src(&url);
    let is_loaded = JsFuture::from(image.decode()).await;
    let _ = web_sys::Url::revoke_object_url(&url);
    is_loaded.ok()?;
    let canvas: web_sys::HtmlCanvasElement = web_sys::window()?
        .document()?
        .create_element("canvas")
        .ok()?
        .dyn_into()
        .ok()?;
    let (width, height) = (
        f64::from(image.width()) * scale,
        f64::from(image.height()) * scale,
    );
    canvas.set_width(width as u32);
    canvas.set_height(height as u32);
    let context: web_sys::CanvasRenderingContext2d =
        canvas.get_context("2d").ok()??.dyn_into().ok()?;
    context
        .draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, width, height)
        .ok()?;
    let blob = JsFuture::from(blob_of(&canvas)).await.ok()?;
    let blob: web_sys::Blob = blob.dyn_into().ok()?;
    let buffer = JsFuture::from(blob.array_buffer()).await.ok()?;
    Some(js_sys::Uint8Array::new(&buffer).to_vec())
}

/// What is on a canvas, as a PNG blob.
fn blob_of(canvas: &web_sys::HtmlCanvasElement) -> js_sys::Promise {
    js_sys::Promise::new(&mut |resolve, reject| {
        if let Err(error) = canvas.to_blob(&resolve) {
            let _ = reject.call1(&JsValue::UNDEFINED, &error);
        }
    })
}

/// The first bytes of a local file.
pub async fn first_bytes(file: &web_sys::File, count: i32) -> Option<Vec<u8>> {
    let start = file.slice_with_i32_and_i32(0, count).ok()?;
    let buffer = wasm_bindgen_futures::JsFuture::from(start.array_buffer())
        .await
        .ok()?;
    Some(js_sys::Uint8Array::new(&buffer).to_vec())
}
