//! What is written in a row: turns without a word; keys and addresses, each counted once, where it first stands.
//! All texts are looked through in one pass, which stops only where such a thing may begin.

use hashbrown::HashSet;

use super::counts::share;
use super::findings::Findings;
use super::record::{SHARE, SignRecord};
use super::{Points, ResolvedRow, Sign, personal, secrets, start};
use crate::ground::hash::hash;
use crate::trace::{Message, Role};

/// Turns without a word.
pub(super) const NO_REASONING: SignRecord = SignRecord {
    name: "no-reasoning",
    title: "No reasoning",
    definition: "The share of assistant messages without a word of text or reasoning. At 1, the agent only calls \
                 tools.",
    source: "laion, CoderForge notes",
    unit: SHARE,
    points: Points::Share,
    find: Some(silent_turns),
    ..SignRecord::DEFAULT
};

/// Keys and tokens.
pub(super) const SECRETS: SignRecord = SignRecord {
    name: "secrets",
    title: "Keys and tokens",
    definition: "Distinct keys and tokens, recognized by their known shapes: AWS, GitHub, GitLab, OpenAI, Anthropic, \
                 Slack, Google, Hugging Face, npm, Stripe, JSON web tokens, private keys. Those that look like \
                 placeholders are left out.",
    unit: "secrets",
    find: Some(secrets_and_addresses),
    ..SignRecord::DEFAULT
};

/// E-mail addresses. Found with [`SECRETS`], as texts are looked through once.
pub(super) const PERSONAL_DATA: SignRecord = SignRecord {
    name: "personal-data",
    title: "E-mail addresses",
    definition: "Distinct e-mail addresses, except those of examples, bots and harnesses.",
    unit: "addresses",
    ..SignRecord::DEFAULT
};

fn secrets_and_addresses(row: &ResolvedRow, found: &mut Findings) {
    found.set(Sign::Secrets, 0.0);
    found.set(Sign::PersonalData, 0.0);
    let mut known = HashSet::new();
    for (at, message) in row.trajectory.messages.iter().enumerate() {
        for text in texts(message) {
            scan(text, |sign, thing| {
                if known.insert(hash(thing.as_bytes())) {
                    found.count(sign, at);
                }
            });
        }
    }
}

fn texts<'m>(message: &'m Message) -> impl Iterator<Item = &'m str> {
    let arguments = message.calls.iter().map(|call| &*call.arguments);
    [&*message.text, &*message.reasoning]
        .into_iter()
        .chain(arguments)
}

/// Assistant messages without text and reasoning.
fn silent_turns(row: &ResolvedRow, found: &mut Findings) {
    let (mut silent, mut turns) = (0, 0);
    for (at, message) in row.trajectory.messages.iter().enumerate() {
        if message.role != Role::Assistant {
            continue;
        }
        turns += 1;
        let is_silent = |text: &str| text.trim_start().is_empty();
        if is_silent(&message.text) && is_silent(&message.reasoning) {
            silent += 1;
            found.step(Sign::NoReasoning, at, 1);
        }
    }
    let number = share(silent, turns).map_or(f32::NAN, |share| share as f32);
    found.set(Sign::NoReasoning, number);
}

/// Calls `on` with every key and address of a text.
fn scan<'t>(text: &'t str, mut on: impl FnMut(Sign, &'t str)) {
    start::each(text.as_bytes(), |at| {
        let thing = match text.as_bytes().get(at) {
            Some(b'@') => personal::at(text, at).map(|thing| (Sign::PersonalData, thing)),
            _ => secrets::at(text, at).map(|thing| (Sign::Secrets, thing)),
        };
        if let Some((sign, thing)) = thing {
            on(sign, thing);
        }
    });
}
