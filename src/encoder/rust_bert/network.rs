//! An encoder of rust-bert with dixit's heads on it.

use std::collections::HashMap;

use rust_bert::bert::{BertEmbeddings, BertModel};
use rust_bert::distilbert::DistilBertModel;
use rust_bert::roberta::RobertaEmbeddings;
use tch::{Device, Kind, TchError, Tensor, nn};

use super::architecture::{Architecture, Family};
use super::deberta::Deberta;
use super::weights::{Shapes, Weights};
use crate::encoder::Window;

/// A network, which shares its weights with all others that were built from them.
pub struct Network {
    encoder: Encoder,
    heads: nn::Linear,
    first_position: i64,
    padding: i64,
    takes_types: bool,
}

enum Encoder {
    Bert(BertModel<BertEmbeddings>),
    Roberta(BertModel<RobertaEmbeddings>),
    DistilBert(DistilBertModel),
    DebertaV2(Box<Deberta>),
}

/// A network without weights yet.
pub struct Blank {
    network: Network,
    variables: HashMap<String, Tensor>,
}

impl Blank {
    /// A network of this architecture with heads of `width` columns together.
    ///
    /// Panics where libtorch fails, for lack of memory for instance.
    pub fn new(architecture: &Architecture, width: i64) -> Self {
        let store = nn::VarStore::new(Device::Cpu);
        let root = store.root();
        let prefix = &root / architecture.prefix();
        let encoder = match architecture.family {
            Family::Bert => Encoder::Bert(BertModel::new_with_optional_pooler(prefix, &architecture.bert(), false)),
            Family::Roberta => {
                Encoder::Roberta(BertModel::new_with_optional_pooler(prefix, &architecture.bert(), false))
            }
            // It adds its prefix by itself.
            Family::DistilBert => Encoder::DistilBert(DistilBertModel::new(&root, &architecture.distilbert())),
            Family::DebertaV2 => {
                Encoder::DebertaV2(Box::new(Deberta::new(&prefix, &architecture.sizes, &architecture.relative)))
            }
        };
        let hidden = architecture.sizes.hidden_size;
        let network = Network {
            encoder,
            heads: nn::linear(&root / "heads", hidden, width, nn::LinearConfig::default()),
            first_position: architecture.first_position(),
            padding: architecture.padding(),
            takes_types: architecture.takes_types(),
        };
        Self { network, variables: store.variables() }
    }

    /// The shape of each of the weights that are needed.
    pub fn shapes(&self) -> Shapes {
        self.variables.iter().map(|(name, variable)| (name.clone(), variable.size())).collect()
    }

    /// The network with these weights, of which no copy is made.
    ///
    /// # Errors
    /// libtorch's reason.
    pub fn fill(self, weights: &Weights) -> Result<Network, String> {
        for (name, mut variable) in self.variables {
            let weight = weights.get(&name).ok_or_else(|| format!("\"{name}\" was not loaded"))?;
            variable.f_set_data(weight).map_err(|e| e.to_string())?;
        }
        Ok(self.network)
    }
}

impl Network {
    /// The scores of the windows' words, one row a word, window after window. Panics where libtorch fails within a layer,
    /// for lack of memory for instance, because rust-bert does.
    ///
    /// # Errors
    /// The reason of libtorch or rust-bert.
    pub fn score(&self, windows: &[&Window], device: Device) -> Result<Vec<f32>, String> {
        let _no_grad = tch::no_grad_guard();
        let text = |e: TchError| e.to_string();
        let hidden = self.encode(windows, device)?;
        let rows = hidden.f_flatten(0, 1).map_err(text)?;
        let length = longest(windows);
        let first: Vec<i64> = windows
            .iter()
            .enumerate()
            .flat_map(|(row, window)| window.first.iter().map(move |&piece| (row * length + piece) as i64))
            .collect();
        let first = Tensor::f_from_slice(&first).and_then(|it| it.f_to(device)).map_err(text)?;
        let words = rows.f_index_select(0, &first).map_err(text)?;
        let scores = words.f_linear(&self.heads.ws, self.heads.bs.as_ref()).map_err(text)?;
        let scores = scores.f_totype(Kind::Float).and_then(|it| it.f_to(Device::Cpu)).map_err(text)?;
        let mut out = vec![0.0; scores.numel()];
        scores.f_copy_data(&mut out, scores.numel()).map_err(text)?;
        Ok(out)
    }

    /// The hidden states of the last layer: windows × pieces × hidden size.
    fn encode(&self, windows: &[&Window], device: Device) -> Result<Tensor, String> {
        let size = [windows.len() as i64, longest(windows) as i64];
        // Each cell from the window and the number of the piece; `rest` where the window is shorter.
        let table = |cell: &dyn Fn(&Window, usize) -> i64, rest: i64| {
            let row = |window: &Window, piece| if piece < window.ids.len() { cell(window, piece) } else { rest };
            let rows = windows.iter().flat_map(|window| (0..longest(windows)).map(move |piece| row(window, piece)));
            let cells: Vec<i64> = rows.collect();
            let tensor = Tensor::f_from_slice(&cells).and_then(|it| it.f_view(size)).and_then(|it| it.f_to(device));
            tensor.map_err(|e| e.to_string())
        };
        let ids = table(&|window, piece| window.ids[piece].into(), self.padding)?;
        let mask = table(&|_, _| 1, 0)?;
        let types = self.takes_types.then(|| table(&|window, piece| window.types[piece].into(), 0)).transpose()?;
        let (some_ids, some_mask, some_types) = (Some(&ids), Some(&mask), types.as_ref());
        let bert = |output: rust_bert::bert::BertModelOutput| output.hidden_state;
        match &self.encoder {
            Encoder::Bert(model) => {
                model.forward_t(some_ids, some_mask, some_types, None, None, None, None, false).map(bert)
            }
            Encoder::Roberta(model) => {
                // Its own way would take a piece for padding that the text itself spells out.
                let positions = table(&|_, piece| self.first_position + piece as i64, self.padding)?;
                model.forward_t(some_ids, some_mask, some_types, Some(&positions), None, None, None, false).map(bert)
            }
            Encoder::DistilBert(model) => {
                model.forward_t(some_ids, some_mask, None, false).map(|output| output.hidden_state)
            }
            Encoder::DebertaV2(model) => Ok(model.forward(&ids, &mask, types.as_ref())),
        }
        .map_err(|e| e.to_string())
    }
}

/// Pieces of the longest window.
fn longest(windows: &[&Window]) -> usize {
    windows.iter().map(|window| window.ids.len()).max().unwrap_or(0)
}
