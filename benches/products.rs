//! How many multiplications and additions a second a core does in products of the network's sizes: the ceiling for it.

use std::time::{Duration, Instant};

use rayon::ThreadPoolBuilder;
use rten_gemm::{GemmExecutor, GemmInputA, GemmInputB, GemmOptions};
use rten_tensor::NdTensorView;

/// How many rows there are, how many numbers in each, and how many come out.
const SIZES: [[usize; 3]; 5] =
    [[132, 384, 384], [132, 384, 768], [132, 384, 1536], [132, 1536, 384], [528, 1024, 1024]];
/// Of several rounds the best counts: what else runs on the machine only ever takes time.
const ROUNDS: usize = 9;

fn main() {
    // Alone in its pool, a thread divides no product.
    let pool = ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    pool.install(|| SIZES.into_iter().for_each(measure));
}

fn measure([rows, depth, columns]: [usize; 3]) {
    let gemm = GemmExecutor::<u8, i8, i32>::new();
    let left: Vec<u8> = (0..rows * depth).map(|_| fastrand::u8(..)).collect();
    let right: Vec<i8> = (0..depth * columns).map(|_| fastrand::i8(-63..=63)).collect();
    let packed = gemm.prepack_b(NdTensorView::from_data([depth, columns], &right[..]));
    let mut sums = vec![0; rows * columns];
    let operations = rows * depth * columns;
    let repeats = (4_000_000_000 / operations).max(1);
    let mut best = Duration::MAX;
    for _ in 0..ROUNDS {
        let begin = Instant::now();
        for _ in 0..repeats {
            let left = GemmInputA::Unpacked(NdTensorView::from_data([rows, depth], &left[..]));
            gemm.gemm(&mut sums, left, GemmInputB::Packed(&packed), GemmOptions::default()).unwrap();
        }
        best = best.min(begin.elapsed());
    }
    let rate = (operations * repeats) as f64 / best.as_secs_f64() / 1e9;
    println!("{rows} × {depth} × {columns}, {}: {rate:.1} billion a second", gemm.kernel_name());
}
