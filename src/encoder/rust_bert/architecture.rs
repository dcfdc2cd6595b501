//! The encoder that a `config.json` describes, in the terms of the Transformers library.

use rust_bert::Activation;
use rust_bert::bert::BertConfig;
use rust_bert::distilbert::DistilBertConfig;
use serde::Deserialize;
use serde_json::Value;

/// An encoder that rust-bert can build: its sizes are positive, and go together.
#[derive(Debug, Clone)]
pub struct Architecture {
    pub family: Family,
    pub sizes: Sizes,
    /// What DeBERTa has besides.
    pub relative: Relative,
}

/// The families of encoders that are supported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Family {
    #[serde(rename = "bert")]
    Bert,
    #[serde(rename = "roberta")]
    Roberta,
    #[serde(rename = "distilbert")]
    DistilBert,
    #[serde(rename = "deberta-v2")]
    DebertaV2,
}

/// Sizes that all families have, under the names of BERT or DistilBERT.
#[derive(Debug, Clone, Deserialize)]
pub struct Sizes {
    #[serde(alias = "dim")]
    pub hidden_size: i64,
    #[serde(alias = "n_layers")]
    pub num_hidden_layers: i64,
    #[serde(alias = "n_heads")]
    pub num_attention_heads: i64,
    #[serde(alias = "hidden_dim")]
    pub intermediate_size: i64,
    #[serde(alias = "activation", default = "gelu")]
    pub hidden_act: Activation,
    pub max_position_embeddings: i64,
    #[serde(default)]
    pub type_vocab_size: i64,
    pub vocab_size: i64,
    #[serde(default)]
    pad_token_id: Option<i64>,
}

fn gelu() -> Activation {
    Activation::gelu
}

/// The fields of DeBERTa-v2 that steer relative positions and the convolution.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Relative {
    relative_attention: Option<bool>,
    position_biased_input: Option<bool>,
    pub position_buckets: Option<i64>,
    max_relative_positions: Option<i64>,
    pos_att_type: Option<Names>,
    norm_rel_ebd: Option<Names>,
    share_att_key: Option<bool>,
    conv_kernel_size: Option<i64>,
    conv_groups: Option<i64>,
    pub conv_act: Option<Activation>,
    embedding_size: Option<i64>,
    layer_norm_eps: Option<f64>,
}

/// Names in a list or with bars between them.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Names {
    Barred(String),
    List(Vec<String>),
}

impl Names {
    fn each(&self) -> Vec<String> {
        match self {
            Self::Barred(names) => names.split('|').map(|name| name.trim().to_lowercase()).collect(),
            Self::List(names) => names.clone(),
        }
    }
}

impl Relative {
    /// Whether pieces also know their position in the window, besides their distances.
    pub fn has_positions(&self) -> bool {
        self.position_biased_input.unwrap_or(true)
    }

    /// Rows of the table of distances for either direction, if distances count.
    pub fn span(&self, sizes: &Sizes) -> Option<i64> {
        let buckets = self.position_buckets.filter(|&buckets| buckets > 0);
        (self.relative_attention == Some(true)).then(|| buckets.unwrap_or(self.furthest(sizes)))
    }

    /// The distance from which on all are the same.
    pub fn furthest(&self, sizes: &Sizes) -> i64 {
        self.max_relative_positions.filter(|&most| most > 0).unwrap_or(sizes.max_position_embeddings)
    }

    /// Whether "c2p" or "p2c" is a part of the attention.
    pub fn attends(&self, part: &str) -> bool {
        self.pos_att_type.as_ref().is_some_and(|names| names.each().iter().any(|name| name == part))
    }

    /// Whether distances have projections other than those of the pieces.
    pub fn has_own_projections(&self) -> bool {
        self.relative_attention == Some(true) && self.share_att_key != Some(true)
    }

    /// Whether the embeddings of the distances are normalized.
    pub fn norms_distances(&self) -> bool {
        self.norm_rel_ebd.as_ref().is_some_and(|names| names.each().iter().any(|name| name == "layer_norm"))
    }

    /// Width and groups of the convolution in the first layer.
    pub fn convolution(&self) -> Option<(i64, i64)> {
        self.conv_kernel_size.filter(|&kernel| kernel > 0).map(|kernel| (kernel, self.conv_groups.unwrap_or(1)))
    }

    /// Added to the variance in a norm.
    pub fn epsilon(&self) -> f64 {
        self.layer_norm_eps.unwrap_or(1e-7)
    }

    fn check(&self, sizes: &Sizes) -> Result<(), String> {
        let unknown = |field: &str, names: &Option<Names>, known: &[&str]| {
            let names = names.as_ref().map(Names::each).unwrap_or_default();
            let unknown = names.into_iter().find(|name| !known.contains(&name.as_str()));
            unknown.map_or(Ok(()), |name| Err(format!("\"{field}\" names \"{name}\", which is none of {known:?}")))
        };
        unknown("pos_att_type", &self.pos_att_type, &["c2p", "p2c", "none", ""])?;
        unknown("norm_rel_ebd", &self.norm_rel_ebd, &["layer_norm", "none", ""])?;
        if let Some((kernel, groups)) = self.convolution()
            && (kernel % 2 == 0 || groups < 1 || sizes.hidden_size % groups != 0)
        {
            return Err(format!("\"conv_kernel_size\" is {kernel} and \"conv_groups\" {groups}"));
        }
        if self.embedding_size.is_some_and(|size| size != sizes.hidden_size) {
            return Err("\"embedding_size\" must be \"hidden_size\"".to_owned());
        }
        Ok(())
    }
}

impl Architecture {
    /// Reads the part of a `config.json` that is not dixit's own. `window` is the most pieces that a window can have.
    ///
    /// # Errors
    /// The field that is missing, out of range or not supported.
    pub fn parse(json: &[u8], window: usize) -> Result<Self, String> {
        let config: Value = serde_json::from_slice(json).map_err(|e| e.to_string())?;
        let family = Family::deserialize(&config["model_type"]).map_err(|_| {
            let found = &config["model_type"];
            format!("\"model_type\" is {found}; the backend rust-bert runs bert, roberta, distilbert and deberta-v2")
        })?;
        let sizes = Sizes::deserialize(&config).map_err(|e| e.to_string())?;
        let relative = match family {
            Family::DebertaV2 => Relative::deserialize(&config).map_err(|e| e.to_string())?,
            _ => Relative::default(),
        };
        if !matches!(config["position_embedding_type"].as_str(), None | Some("absolute")) {
            return Err("\"position_embedding_type\" must be \"absolute\"".to_owned());
        }
        let architecture = Self { family, sizes, relative };
        architecture.check(i64::try_from(window).unwrap_or(i64::MAX))?;
        Ok(architecture)
    }

    /// Refuses what rust-bert would panic at.
    fn check(&self, window: i64) -> Result<(), String> {
        let sizes = &self.sizes;
        let positive = [
            ("hidden_size", sizes.hidden_size),
            ("num_hidden_layers", sizes.num_hidden_layers),
            ("num_attention_heads", sizes.num_attention_heads),
            ("intermediate_size", sizes.intermediate_size),
            ("max_position_embeddings", sizes.max_position_embeddings),
            ("vocab_size", sizes.vocab_size),
        ];
        if let Some((name, value)) =
            positive.into_iter().find(|&(_, value)| !(1..=i64::from(i32::MAX)).contains(&value))
        {
            return Err(format!("\"{name}\" is {value}"));
        }
        if sizes.hidden_size % sizes.num_attention_heads != 0 {
            let (hidden, heads) = (sizes.hidden_size, sizes.num_attention_heads);
            return Err(format!("\"hidden_size\" is {hidden}, which {heads} attention heads cannot share"));
        }
        if !(0..sizes.vocab_size).contains(&self.padding()) {
            return Err(format!("\"pad_token_id\" is {}, which is not in the vocabulary", self.padding()));
        }
        // DistilBERT has no token types and does not say so.
        if sizes.type_vocab_size < 0 || (sizes.type_vocab_size == 0 && self.has_types()) {
            return Err(format!("\"type_vocab_size\" is {}", sizes.type_vocab_size));
        }
        let longest = sizes.max_position_embeddings - self.first_position();
        if self.has_positions() && window > longest {
            return Err(format!("\"window.pieces\" is {window}, and the encoder has only {longest} positions"));
        }
        self.relative.check(sizes)
    }

    /// Tensors by whose shapes the sizes are bounded, so that a wrong number in a `config.json` asks for no more memory
    /// than there are weights.
    pub fn anchors(&self) -> Vec<(String, Vec<i64>)> {
        let (prefix, sizes) = (self.prefix(), &self.sizes);
        let hidden = sizes.hidden_size;
        let (layers, query, up) = match self.family {
            Family::DistilBert => ("transformer.layer", "attention.q_lin", "ffn.lin1"),
            Family::DebertaV2 => ("encoder.layer", "attention.self.query_proj", "intermediate.dense"),
            Family::Bert | Family::Roberta => ("encoder.layer", "attention.self.query", "intermediate.dense"),
        };
        let last = sizes.num_hidden_layers - 1;
        let mut anchors = vec![
            (format!("{prefix}.embeddings.word_embeddings.weight"), vec![sizes.vocab_size, hidden]),
            (format!("{prefix}.{layers}.{last}.{query}.weight"), vec![hidden, hidden]),
            (format!("{prefix}.{layers}.{last}.{up}.weight"), vec![sizes.intermediate_size, hidden]),
        ];
        if self.has_positions() {
            let positions = vec![sizes.max_position_embeddings, hidden];
            anchors.push((format!("{prefix}.embeddings.position_embeddings.weight"), positions));
        }
        if self.has_types() {
            let types = vec![sizes.type_vocab_size, hidden];
            anchors.push((format!("{prefix}.embeddings.token_type_embeddings.weight"), types));
        }
        if let Some(span) = self.relative.span(sizes) {
            anchors.push((format!("{prefix}.encoder.rel_embeddings.weight"), vec![span.saturating_mul(2), hidden]));
        }
        if let Some((kernel, groups)) = self.relative.convolution() {
            anchors.push((format!("{prefix}.encoder.conv.conv.weight"), vec![hidden, hidden / groups, kernel]));
        }
        anchors
    }

    /// What the names of the encoder's weights begin with.
    pub fn prefix(&self) -> &'static str {
        match self.family {
            Family::Bert => "bert",
            Family::Roberta => "roberta",
            Family::DistilBert => "distilbert",
            Family::DebertaV2 => "deberta",
        }
    }

    /// Id of the piece that fills up a window.
    pub fn padding(&self) -> i64 {
        self.sizes.pad_token_id.unwrap_or(if self.family == Family::Roberta { 1 } else { 0 })
    }

    /// Number of the position of a window's first piece: RoBERTa leaves those up to its padding's id free.
    pub fn first_position(&self) -> i64 {
        if self.family == Family::Roberta { self.padding() + 1 } else { 0 }
    }

    /// Whether the token types of dixit go in. An encoder with fewer of them was not trained on them.
    pub fn takes_types(&self) -> bool {
        self.sizes.type_vocab_size >= 8 && self.family != Family::DistilBert
    }

    /// Number of ids that the vocabulary has.
    pub fn vocabulary(&self) -> i64 {
        self.sizes.vocab_size
    }

    fn has_types(&self) -> bool {
        match self.family {
            Family::DistilBert => false,
            Family::DebertaV2 => self.sizes.type_vocab_size > 0,
            Family::Bert | Family::Roberta => true,
        }
    }

    fn has_positions(&self) -> bool {
        self.family != Family::DebertaV2 || self.relative.has_positions()
    }

    /// Tables of the size of the attention that a layer holds at once.
    pub fn attention_tables(&self) -> i64 {
        if self.relative.relative_attention == Some(true) { 10 } else { 4 }
    }

    pub fn bert(&self) -> BertConfig {
        let sizes = &self.sizes;
        BertConfig {
            hidden_act: sizes.hidden_act,
            hidden_size: sizes.hidden_size,
            intermediate_size: sizes.intermediate_size,
            max_position_embeddings: sizes.max_position_embeddings,
            num_attention_heads: sizes.num_attention_heads,
            num_hidden_layers: sizes.num_hidden_layers,
            type_vocab_size: sizes.type_vocab_size,
            vocab_size: sizes.vocab_size,
            ..BertConfig::default()
        }
    }

    pub fn distilbert(&self) -> DistilBertConfig {
        let sizes = &self.sizes;
        DistilBertConfig {
            activation: sizes.hidden_act,
            dim: sizes.hidden_size,
            hidden_dim: sizes.intermediate_size,
            max_position_embeddings: sizes.max_position_embeddings,
            n_heads: sizes.num_attention_heads,
            n_layers: sizes.num_hidden_layers,
            // The positions come with the weights, whatever they were made of.
            sinusoidal_pos_embds: false,
            vocab_size: sizes.vocab_size,
            ..DistilBertConfig::default()
        }
    }
}
