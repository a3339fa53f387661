//! The DevTools of the whole browser, which chromedriver does not reach: it speaks for tabs alone.
//! Asked here: contexts, each as a profile of its own that is gone with its test; a trace of all threads.

use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use tungstenite::{Message, WebSocket};

/// How long Chromium may take for an answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// A connection to the browser.
pub struct DevTools {
    socket: WebSocket<TcpStream>,
    asked: u64,
}

/// Why the browser did not do what it was asked.
pub type Refused = String;

impl DevTools {
    /// Connects to the Chromium that runs on a profile: it writes there where it listens.
    pub fn connect(profile: &Path) -> Result<Self, Refused> {
        let place = std::fs::read_to_string(profile.join("DevToolsActivePort"));
        let place = place.map_err(|error| format!("no DevToolsActivePort: {error}"))?;
        let (port, path) = place.split_once('\n').ok_or("no path of DevTools")?;
        let host = format!("127.0.0.1:{}", port.trim());
        let stream = TcpStream::connect(&host).map_err(|error| error.to_string())?;
        stream
            .set_read_timeout(Some(PATIENCE))
            .map_err(|error| error.to_string())?;
        let address = format!("ws://{host}{}", path.trim());
        let (socket, _) =
            tungstenite::client(address, stream).map_err(|error| error.to_string())?;
        Ok(Self { socket, asked: 0 })
    }

    /// A command and its result.
    pub fn ask(&mut self, method: &str, parameters: Value) -> Result<Value, Refused> {
        let number = self.send(method, parameters)?;
        loop {
            let mut said = self.hear(method)?;
            // What happens in the browser is told between the answers.
            if said["id"] == number {
                return match said.get("error") {
                    Some(error) => Err(format!("{method}: {error}")),
                    None => Ok(said["result"].take()),
                };
            }
        }
    }

    /// From now on the browser notes what its threads do.
    pub fn begin_trace(&mut self, categories: &[&str]) -> Result<(), Refused> {
        let config = json!({"includedCategories": categories});
        let parameters = json!({"transferMode": "ReportEvents", "traceConfig": config});
        self.ask("Tracing.start", parameters).map(drop)
    }

    /// All that was noted.
    pub fn end_trace(&mut self) -> Result<Vec<Value>, Refused> {
        let method = "Tracing.end";
        self.send(method, json!({}))?;
        let mut events = Vec::new();
        loop {
            let mut said = self.hear(method)?;
            match said["method"].as_str() {
                Some("Tracing.dataCollected") => {
                    let more = said["params"]["value"].take();
                    events.extend(more.as_array().cloned().unwrap_or_default());
                }
                Some("Tracing.tracingComplete") => return Ok(events),
                _ => {}
            }
        }
    }

    /// Sends a command; its number.
    fn send(&mut self, method: &str, parameters: Value) -> Result<u64, Refused> {
        self.asked += 1;
        let command = json!({"id": self.asked, "method": method, "params": parameters});
        let sent = self.socket.send(Message::text(command.to_string()));
        sent.map_err(|error| format!("{method}: {error}"))?;
        Ok(self.asked)
    }

    /// What the browser says next.
    fn hear(&mut self, method: &str) -> Result<Value, Refused> {
        let refused = |error: tungstenite::Error| format!("{method}: {error}");
        let said = self.socket.read().map_err(refused)?;
        let said = said.to_text().map_err(refused)?;
        Ok(serde_json::from_str(said).unwrap_or_default())
    }
}
