//! What is written for a trainer, read by that trainer's own loader: as many rows come out as went in, and each turn
//! has the text that the agent said and the loss where the options want it.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod file; // a file in a format, and the rows that are in it
mod python; // scripts that read a file with a trainer's code
mod rows; // the rows that are exported
mod turn; // what a loader made of a row beside what the agent said

mod axolotl; // Axolotl's chat_template strategy
mod datasets; // `datasets`, which opens every file
mod features; // the keys and types that our card tells it
mod harbor; // Harbor's models of ATIF
mod images; // rows with images
mod llamafactory; // LLaMA-Factory's converter and templates
mod nemo; // NVIDIA's Megatron-Bridge and NeMo Automodel
mod openai; // what OpenAI publishes to check a file with
mod preference; // pairs of runs, by `datasets` and TRL's preparation for DPO
mod swift; // ms-swift's preprocessor and agent template
mod trl; // TRL's preparation, by Qwen's and Llama's templates
mod verl; // verl's multi-turn dataset
