//! What was mended while a row was read, and how often: nothing is read otherwise than it is written without a word.
//! Most ways only put into one form what datasets write in several; the others are guesses and are counted as such.

use serde::{Deserialize, Serialize};

/// How a row was mended, and how often each way.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repairs(pub Vec<(Repair, u32)>);

impl Repairs {
    /// Notes `times` more repairs of one kind; none adds nothing.
    pub fn add(&mut self, repair: Repair, times: u32) {
        if times == 0 {
            return;
        }
        match self.0.iter_mut().find(|(r, _)| *r == repair) {
            Some((_, n)) => *n = n.saturating_add(times),
            None => self.0.push((repair, times)),
        }
    }

    /// Notes all of these, too.
    pub fn add_all(&mut self, others: &Repairs) {
        for (repair, times) in &others.0 {
            self.add(*repair, *times);
        }
    }

    /// How often anything was mended.
    pub fn total(&self) -> u32 {
        self.0.iter().fold(0, |sum, (_, n)| sum.saturating_add(*n))
    }

    /// How often something was guessed, or kept as a mere text: [`Repair::is_guess`].
    pub fn guesses(&self) -> u32 {
        let guesses = self.0.iter().filter(|(repair, _)| repair.is_guess());
        guesses.fold(0, |sum, (_, n)| sum.saturating_add(*n))
    }
}

/// One way of mending a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Repair {
    /// A list was stored as a JSON string.
    ListFromJsonText,
    /// A list was stored as Python's `repr`.
    ListFromPythonText,
    /// A role had another name (`ai`, `human`, `gpt`, …).
    RoleRenamed,
    /// A role that no one knows was read as user.
    RoleUnknown,
    /// A message's text was a list of parts.
    TextFromParts,
    /// Reasoning stood in the text (`<think>…</think>`).
    ReasoningFromText,
    /// A call stood in the text as XML.
    CallFromXml,
    /// A call stood in the text as a fenced block.
    CallFromFence,
    /// A call stood in the deprecated `function_call`.
    CallFromFunctionCall,
    /// A call had no id, or one that was already used; it was given one.
    CallIdMade,
    /// An observation without id was given to the oldest open call, which is the only one that it can answer.
    ObservationPaired,
    /// An observation was given to the oldest open call though the row leaves open which one it answers, or names
    /// another.
    ObservationGuessed,
    /// An observation was written as a user's message.
    ObservationFromUser,
    /// A message that was not an object was kept as text.
    MessageFromOther,
    /// What the assistant thought, said and called in several messages was joined to one turn.
    TurnJoined,
    /// The system prompt's column and the system's message were joined.
    SystemJoined,
    /// Arguments had fields that are null, as Arrow pads objects; they were left out.
    NullArguments,
    /// One observation held what several calls gave back, and was parted.
    ObservationParted,
    /// An image or another medium got a placeholder in the text.
    MediaPlaceholder,
    /// What was thought is encrypted, and was left out.
    ThoughtHidden,
    /// Of a pair of answers the chosen one was read and the rejected one left out.
    ChosenOfPair,
    /// A number that JSON has no form for (NaN, Infinity) was read as null.
    NumberFromNan,
    /// Half a character (a lone surrogate) was replaced by U+FFFD.
    SurrogateReplaced,
    /// Bytes that are not text (UTF-8) were replaced by U+FFFD.
    BytesReplaced,
    /// Words that have no place in the conversation were left out: an event of a kind that is not known, or what a user
    /// took back.
    EventLeftOut,
    /// A tool was declared that the harness describes in words only, or that it publishes elsewhere.
    ToolAdded,
}

impl Repair {
    /// Whether the row does not say what was made of it. All other ways only put into one form what datasets write in
    /// several, and nothing is lost by them.
    pub fn is_guess(self) -> bool {
        matches!(
            self,
            Repair::RoleUnknown
                | Repair::ObservationGuessed
                | Repair::MessageFromOther
                | Repair::EventLeftOut
        )
    }

    /// What was mended, in words for the page.
    pub fn words(self) -> &'static str {
        match self {
            Repair::ListFromJsonText => "a list that was stored as text was read",
            Repair::ListFromPythonText => "a list that was stored as Python text was read",
            Repair::RoleRenamed => "a speaker's name was changed to the usual one",
            Repair::RoleUnknown => "an unknown speaker was read as the user",
            Repair::TextFromParts => "a text in several parts was joined",
            Repair::ReasoningFromText => "reasoning was taken out of the text",
            Repair::CallFromXml => "a tool call was found in the text (XML)",
            Repair::CallFromFence => "a tool call was found in the text (fenced block)",
            Repair::CallFromFunctionCall => "a tool call was found in an outdated field",
            Repair::CallIdMade => "a tool call was given an id",
            Repair::ObservationPaired => "a tool's answer without an id was given to its call",
            Repair::ObservationGuessed => {
                "a tool's answer was given to the oldest open call by a guess"
            }
            Repair::ObservationFromUser => "a tool's answer was written as the user's message",
            Repair::MessageFromOther => "a message of an odd shape was kept as text",
            Repair::TurnJoined => "a turn that was written as several messages was joined",
            Repair::SystemJoined => "two system prompts were joined",
            Repair::NullArguments => "an empty (null) argument of a tool call was left out",
            Repair::ObservationParted => {
                "the answers to several tool calls, in one message, were parted"
            }
            Repair::MediaPlaceholder => "an image or other media file is only named in the text",
            Repair::ThoughtHidden => {
                "a thought that only the model's provider can read (encrypted) was left out"
            }
            Repair::ChosenOfPair => {
                "this is a pair of answers: the chosen one was read, the rejected one is left out"
            }
            Repair::NumberFromNan => {
                "a number that JSON can't hold (NaN, Infinity) was read as empty"
            }
            Repair::SurrogateReplaced => "half a character was replaced by \u{fffd}",
            Repair::BytesReplaced => "bytes that are not text in UTF-8 were replaced by \u{fffd}",
            Repair::EventLeftOut => "a line without a place in the conversation was left out",
            Repair::ToolAdded => {
                "a tool's schema was added that the row does not have: its harness tells the agent of the tool in words, or \
                 publishes it elsewhere"
            }
        }
    }
}
