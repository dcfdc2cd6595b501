//! DeBERTa-v2 (He et al. 2021), as Transformers computes it.
//!
//! rust-bert has one, too, but version 0.23 leaves out the root in the scale of its relative attention and the shift of
//! its positions, so that trained weights come to nothing on it.

use rust_bert::Activation;
use tch::{Device, Kind, Tensor, nn};

use super::architecture::{Relative, Sizes};

/// The encoder.
pub struct Deberta {
    words: nn::Embedding,
    positions: Option<nn::Embedding>,
    types: Option<nn::Embedding>,
    norm: nn::LayerNorm,
    layers: Vec<Layer>,
    distances: Option<Distances>,
    convolution: Option<Convolution>,
}

impl Deberta {
    pub fn new(path: &nn::Path<'_>, sizes: &Sizes, relative: &Relative) -> Self {
        let embeddings = path / "embeddings";
        let encoder = path / "encoder";
        let hidden = sizes.hidden_size;
        let table = |name: &str, rows: i64| nn::embedding(&embeddings / name, rows, hidden, Default::default());
        let epsilon = relative.epsilon();
        Self {
            words: table("word_embeddings", sizes.vocab_size),
            positions: relative.has_positions().then(|| table("position_embeddings", sizes.max_position_embeddings)),
            types: (sizes.type_vocab_size > 0).then(|| table("token_type_embeddings", sizes.type_vocab_size)),
            norm: norm(&embeddings / "LayerNorm", hidden, epsilon),
            layers: (0..sizes.num_hidden_layers)
                .map(|layer| Layer::new(&(&(&encoder / "layer") / layer), sizes, relative))
                .collect(),
            distances: relative.span(sizes).map(|span| Distances {
                table: nn::embedding(&encoder / "rel_embeddings", 2 * span, hidden, Default::default()),
                norm: relative.norms_distances().then(|| norm(&encoder / "LayerNorm", hidden, epsilon)),
                span,
                buckets: relative.position_buckets.filter(|&buckets| buckets > 0),
                furthest: relative.furthest(sizes),
            }),
            convolution: relative.convolution().map(|(kernel, groups)| {
                let path = &encoder / "conv";
                let config = nn::ConvConfig { padding: kernel / 2, groups, ..Default::default() };
                Convolution {
                    product: nn::conv1d(&path / "conv", hidden, hidden, kernel, config),
                    norm: norm(&path / "LayerNorm", hidden, epsilon),
                    activation: relative.conv_act.unwrap_or(Activation::tanh),
                }
            }),
        }
    }

    /// The hidden states of the last layer: windows × pieces × hidden size. Panics where libtorch fails.
    pub fn forward(&self, ids: &Tensor, mask: &Tensor, types: Option<&Tensor>) -> Tensor {
        let (length, device) = (ids.size()[1], ids.device());
        let mut x = ids.apply(&self.words);
        if let Some(positions) = &self.positions {
            x += Tensor::arange(length, (Kind::Int64, device)).apply(positions);
        }
        if let Some(table) = &self.types {
            let zeros = ids.zeros_like();
            x += types.unwrap_or(&zeros).apply(table);
        }
        let kept = mask.unsqueeze(-1).to_kind(x.kind());
        let embedded = x.apply(&self.norm) * &kept;
        let hidden = mask.eq(0).unsqueeze(1).unsqueeze(1);
        let near = self.distances.as_ref().map(|distances| distances.seen(length, device));
        let mut x = embedded.shallow_clone();
        for (number, layer) in self.layers.iter().enumerate() {
            x = layer.forward(&x, &hidden, near.as_ref());
            if let Some(convolution) = self.convolution.as_ref().filter(|_| number == 0) {
                x = convolution.forward(&embedded, &x, &kept);
            }
        }
        x
    }
}

struct Layer {
    query: nn::Linear,
    key: nn::Linear,
    value: nn::Linear,
    /// Their own projections of the distances, where they do not share those of the pieces.
    distance_query: Option<nn::Linear>,
    distance_key: Option<nn::Linear>,
    out: nn::Linear,
    out_norm: nn::LayerNorm,
    up: nn::Linear,
    activation: Activation,
    down: nn::Linear,
    down_norm: nn::LayerNorm,
    heads: i64,
    content_to_position: bool,
    position_to_content: bool,
}

impl Layer {
    fn new(path: &nn::Path<'_>, sizes: &Sizes, relative: &Relative) -> Self {
        let hidden = sizes.hidden_size;
        let attention = &(path / "attention") / "self";
        let linear = |path: nn::Path<'_>, from, to| nn::linear(path, from, to, Default::default());
        let projection = |name: &str| linear(&attention / name, hidden, hidden);
        let (content_to_position, position_to_content) = (relative.attends("c2p"), relative.attends("p2c"));
        let own = |name: &str, used: bool| (used && relative.has_own_projections()).then(|| projection(name));
        let (out, down) = (&(path / "attention") / "output", path / "output");
        Self {
            query: projection("query_proj"),
            key: projection("key_proj"),
            value: projection("value_proj"),
            distance_query: own("pos_query_proj", position_to_content),
            distance_key: own("pos_key_proj", content_to_position),
            out_norm: norm(&out / "LayerNorm", hidden, relative.epsilon()),
            out: linear(&out / "dense", hidden, hidden),
            up: linear(&(path / "intermediate") / "dense", hidden, sizes.intermediate_size),
            activation: sizes.hidden_act,
            down_norm: norm(&down / "LayerNorm", hidden, relative.epsilon()),
            down: linear(&down / "dense", sizes.intermediate_size, hidden),
            heads: sizes.num_attention_heads,
            content_to_position,
            position_to_content,
        }
    }

    /// `hidden` marks the pieces that are padding.
    fn forward(&self, x: &Tensor, hidden: &Tensor, near: Option<&Seen>) -> Tensor {
        let y = self.attention(x, hidden, near).apply(&self.out);
        let x = (y + x).apply(&self.out_norm);
        let y = (self.activation.get_function().get_fn())(&x.apply(&self.up)).apply(&self.down);
        (y + x).apply(&self.down_norm)
    }

    fn attention(&self, x: &Tensor, hidden: &Tensor, near: Option<&Seen>) -> Tensor {
        let [query, key, value] = [&self.query, &self.key, &self.value].map(|it| self.split(&x.apply(it)));
        let parts = 1 + i64::from(self.content_to_position) + i64::from(self.position_to_content);
        let scale = ((x.size()[2] / self.heads * parts) as f64).sqrt();
        let mut scores = query.matmul(&key.transpose(-1, -2));
        if let Some(near) = near {
            let distances = |own: &Option<nn::Linear>, shared: &nn::Linear| {
                self.split(&near.table.apply(own.as_ref().unwrap_or(shared))).transpose(-1, -2)
            };
            if self.content_to_position {
                let all = query.matmul(&distances(&self.distance_key, &self.key));
                scores += all.gather(-1, &near.expanded(&near.forth, &all), false);
            }
            if self.position_to_content {
                let all = key.matmul(&distances(&self.distance_query, &self.query));
                scores += all.gather(-1, &near.expanded(&near.back, &all), false).transpose(-1, -2);
            }
        }
        let weights = (scores / scale).masked_fill(hidden, f64::NEG_INFINITY);
        let y = weights.softmax(-1, weights.kind()).matmul(&value);
        y.transpose(1, 2).contiguous().view(x.size().as_slice())
    }

    /// Windows × pieces × hidden size to windows × heads × pieces × size of a head.
    fn split(&self, x: &Tensor) -> Tensor {
        let size = x.size();
        x.view([size[0], size[1], self.heads, size[2] / self.heads]).transpose(1, 2)
    }
}

/// The embeddings of distances between pieces.
struct Distances {
    table: nn::Embedding,
    norm: Option<nn::LayerNorm>,
    /// Rows of the table for distances in either direction.
    span: i64,
    /// If longer distances share rows, how many of both directions there are.
    buckets: Option<i64>,
    /// The distance from which on all are the same.
    furthest: i64,
}

/// The distances that occur in a window.
struct Seen {
    /// The embeddings.
    table: Tensor,
    /// The row of the distance from each piece to each, and from each to it.
    forth: Tensor,
    back: Tensor,
}

impl Distances {
    fn seen(&self, length: i64, device: Device) -> Seen {
        let table = self.table.ws.unsqueeze(0);
        let table = self.norm.as_ref().map_or_else(|| table.shallow_clone(), |norm| table.apply(norm));
        let rows = |sign: i64| {
            let row = |from: i64, to: i64| {
                (sign * self.bucket(from - to)).saturating_add(self.span).clamp(0, 2 * self.span - 1)
            };
            let rows: Vec<i64> = (0..length).flat_map(|from| (0..length).map(move |to| row(from, to))).collect();
            Tensor::from_slice(&rows).view([1, 1, length, length]).to_device(device)
        };
        Seen { table, forth: rows(1), back: rows(-1) }
    }

    /// Distances up to half the buckets as they are, longer ones by their logarithm.
    fn bucket(&self, distance: i64) -> i64 {
        let Some(middle) = self.buckets.map(|buckets| buckets / 2) else { return distance };
        if distance.abs() <= middle {
            return distance;
        }
        // In single precision, as Transformers has it, for the same rounding.
        let [far, furthest, middle_] = [distance.abs(), self.furthest - 1, middle].map(|it| it as f32);
        let steps = (far / middle_).ln() / (furthest / middle_).ln() * (middle - 1) as f32;
        (steps.ceil() as i64).saturating_add(middle) * distance.signum()
    }
}

impl Seen {
    /// The rows for each window and head.
    fn expanded(&self, rows: &Tensor, scores: &Tensor) -> Tensor {
        let (size, length) = (scores.size(), scores.size()[2]);
        rows.expand([size[0], size[1], length, length], false)
    }
}

/// What some DeBERTas add to the first layer.
struct Convolution {
    product: nn::Conv1D,
    norm: nn::LayerNorm,
    activation: Activation,
}

impl Convolution {
    fn forward(&self, embedded: &Tensor, x: &Tensor, kept: &Tensor) -> Tensor {
        let y = embedded.transpose(1, 2).contiguous().apply(&self.product).transpose(1, 2) * kept;
        (x + (self.activation.get_function().get_fn())(&y)).apply(&self.norm) * kept
    }
}

fn norm(path: nn::Path<'_>, size: i64, eps: f64) -> nn::LayerNorm {
    nn::layer_norm(path, vec![size], nn::LayerNormConfig { eps, ..Default::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_share_rows_as_they_do_in_transformers() {
        let store = nn::VarStore::new(Device::Cpu);
        let table = nn::embedding(store.root(), 1, 1, Default::default());
        let distances = Distances { table, norm: None, span: 32, buckets: Some(32), furthest: 512 };
        // Of make_log_bucket_position(…, 32, 512).
        let cases = [(0, 0), (-1, -1), (16, 16), (17, 17), (20, 17), (40, 20), (-40, -20), (100, 24), (511, 31)];
        for (distance, bucket) in cases {
            assert_eq!(distances.bucket(distance), bucket, "{distance}");
        }
    }
}
