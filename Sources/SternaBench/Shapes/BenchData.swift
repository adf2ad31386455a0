import Columnar
import SternaBase
import TestSupport
import TextFormats

/// The frames that are measured: generated shapes by name, files by path.
enum BenchData {
  struct Shape: Sendable {
    let name: String
    let rowCount: Int
    let make: @Sendable (_ rowCount: Int) throws -> DataFrame
  }

  static let shapes: [Shape] = [
    Shape(name: "cents", rowCount: 50_000, make: RandomWalks.frame),
    Shape(name: "uniform", rowCount: 1_000_000, make: RandomDoubles.frame),
    Shape(name: "mixed", rowCount: 500_000, make: MixedRecords.frame),
    Shape(name: "quotes", rowCount: 500_000, make: SimulatedQuotes.frame),
  ]

  static func frame(named name: String, rowCount: Int?) throws -> DataFrame {
    if let shape = shapes.first(where: { $0.name == name }) {
      return try shape.make(rowCount ?? shape.rowCount)
    }
    var options = CSVOptions()
    options.timeColumn = "time"
    var reader = try CSVReader(InputFile.openDetectingGzip(path: name), options: options)
    var frames: [DataFrame] = []
    while let frame = try reader.next() { frames.append(frame) }
    return try DataFrame.concatenating(frames)
  }

  /// Regular times, a fixed number of nanoseconds apart.
  static func times(_ count: Int, everyNanoseconds step: Int64) -> Column {
    .timestamps((0..<count).map { 1_381_118_400_000_000_000 + Int64($0) * step }, unit: .nanosecond)
  }
}

extension SeededGenerator {
  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  /// Uniform in 0..<1, a multiple of 2^-53.
  mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Normal with mean 0 and deviation 1, nearly: the sum of twelve uniforms.
  mutating func normal() -> Double { (0..<12).reduce(-6.0) { sum, _ in sum + uniform() } }
}
