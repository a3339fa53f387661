//! The two servers that a reading names, or those of the Hub where it names none.
//! Whoever asks one finds its address here, in the form that addresses are joined to.

use tracesift_core::recipe::Reading;
use tracesift_hub::address::read_endpoint;
use tracesift_hub::{DATASETS_SERVER, HUB};

/// The datasets server.
pub fn endpoint(reading: &Reading) -> String {
    named(reading.endpoint.as_deref(), DATASETS_SERVER)
}

/// The Hub.
pub fn hub(reading: &Reading) -> String {
    named(reading.hub.as_deref(), HUB)
}

fn named(named: Option<&str>, otherwise: &str) -> String {
    let named = named.and_then(|named| read_endpoint(named).ok());
    named.unwrap_or_else(|| otherwise.to_owned())
}
