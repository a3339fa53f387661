//! A trial's folder, as Harbor and Terminal-Bench leave it, as one object: what the agent did, what was asked, what came of
//! it. The stage that reads rows knows what stands in each part.
//! Source: <https://github.com/laude-institute/harbor>, `src/harbor/trial` and `src/harbor/models/trial`.

use std::borrow::Cow;

use serde::de::IgnoredAny;
use tracesift_core::source::index::events_of;
use tracesift_core::trace::mend;

/// The parts of one trial, as far as they were seen.
#[derive(Debug, Default)]
pub(crate) struct Trial {
    /// Each file's path in the trial's folder, and its bytes.
    pub parts: Vec<(String, Vec<u8>)>,
}

impl Trial {
    /// The trial as one object; `None` where the folder turns out not to be of a trial.
    pub fn object(&self, name: &str) -> Option<String> {
        let trajectory = self
            .trajectory()
            .or_else(|| self.episodes().map(Cow::Owned));
        let session = match trajectory {
            Some(_) => None,
            None => self.session(),
        };
        let result = self
            .json("result.json")
            .or_else(|| self.json("results.json"));
        let config = self.json("config.json");
        let says = |part: &Option<Cow<str>>| {
            let names = ["\"trial_name\"", "\"task_name\"", "\"task\""];
            let text = part.as_deref().unwrap_or_default();
            names.iter().any(|name| text.contains(name))
        };
        if trajectory.is_none() && session.is_none() && !says(&result) && !says(&config) {
            return None;
        }
        let reward = self.text("verifier/reward.txt");
        let reward = reward.or_else(|| self.text("verifier/reward.json"));
        let json = |part: Option<Cow<str>>| part.map_or_else(|| "null".to_owned(), Cow::into_owned);
        let text = |text: Option<Cow<str>>| {
            let json = text.map(|text| serde_json::to_string(text.trim()).unwrap_or_default());
            json.unwrap_or_else(|| "null".to_owned())
        };
        Some(format!(
            "{{\"trial\":{},\"trajectory\":{},\"session\":{},\"result\":{},\"config\":{},\"reward\":{},\"exception\":{}}}",
            serde_json::to_string(name).unwrap_or_default(),
            json(trajectory),
            json(session.map(Cow::Owned)),
            json(result),
            json(config),
            text(reward),
            text(self.text("exception.txt")),
        ))
    }

    fn bytes(&self, path: &str) -> Option<&[u8]> {
        let part = self.parts.iter().find(|(known, _)| known == path);
        part.map(|(_, bytes)| bytes.as_slice())
    }

    fn text(&self, path: &str) -> Option<Cow<'_, str>> {
        self.bytes(path).map(String::from_utf8_lossy)
    }

    fn json(&self, path: &str) -> Option<Cow<'_, str>> {
        valid(self.text(path)?)
    }

    /// The trajectory that Harbor writes, or else one in the agent's own form.
    fn trajectory(&self) -> Option<Cow<'_, str>> {
        self.json("agent/trajectory.json").or_else(|| {
            let paths = self.parts.iter().map(|(path, _)| path);
            let mut others = paths.filter(|path| path.ends_with("trajectory.json"));
            others.find_map(|path| self.json(path))
        })
    }

    /// What Terminal-Bench keeps of each request to the model, as one conversation: the prompt, which is what is new since
    /// the one before, and the answer.
    fn episodes(&self) -> Option<String> {
        let number = |path: &str| {
            let (folder, file) = path.strip_prefix("agent-logs/episode-")?.split_once('/')?;
            let role = match file {
                "prompt.txt" => "user",
                "response.txt" => "assistant",
                _ => return None,
            };
            Some((folder.parse::<u32>().ok()?, role == "assistant", role))
        };
        let found = self
            .parts
            .iter()
            .filter_map(|(path, bytes)| Some((number(path)?, String::from_utf8_lossy(bytes))));
        let mut found: Vec<_> = found.collect();
        found.sort();
        let messages = found.iter().map(|((_, _, role), text)| {
            let text = serde_json::to_string(text).unwrap_or_default();
            format!("{{\"role\":\"{role}\",\"content\":{text}}}")
        });
        let messages: Vec<String> = messages.collect();
        (!messages.is_empty()).then(|| format!("{{\"messages\":[{}]}}", messages.join(",")))
    }

    /// The list of the agent's events: those of a session that is known before others, those of files at the top before
    /// those in folders.
    fn session(&self) -> Option<String> {
        let mut files: Vec<&(String, Vec<u8>)> = self.parts.iter().collect();
        files.retain(|(path, _)| path.starts_with("agent/") && !path.ends_with(".json"));
        files.sort_by_key(|(path, _)| path.matches('/').count());
        let found: Vec<_> = files
            .iter()
            .filter_map(|(_, bytes)| events_of(bytes))
            .collect();
        let known = found
            .iter()
            .find(|events| events.is_known)
            .or(found.first());
        known.map(|events| events.list.clone())
    }
}

/// The text where it is JSON, or can be mended to be.
fn valid(text: Cow<'_, str>) -> Option<Cow<'_, str>> {
    let is_json = |text: &str| serde_json::from_str::<IgnoredAny>(text).is_ok();
    if is_json(&text) {
        return Some(text);
    }
    let (mended, _) = mend(&text)?;
    is_json(&mended).then_some(Cow::Owned(mended))
}
