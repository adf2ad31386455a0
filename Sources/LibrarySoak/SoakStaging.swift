import Columnar
import SternaBase
import TestSupport

/// Rows that wait in the store for a commit.
struct SoakPiece: Sendable, CustomStringConvertible {
  let token: String
  let symbol: String
  let frame: DataFrame

  var description: String { "\(token.prefix(8)) of \(frame.rowCount)" }

  /// What a commit makes of pieces, nil where it must refuse them: in the order of their index, those that
  /// lie across one another merged or refused, without an index one behind the other.
  static func rows(of pieces: [SoakPiece], merging: Bool) throws(SternaError) -> DataFrame? {
    let frames = pieces.map(\.frame)
    guard let first = frames.first else { return nil }
    guard first["time"] != nil else { return merging ? nil : try DataFrame.concatenating(frames) }
    let inOrder = frames.enumerated().sorted { left, right in
      let (one, other) = (left.element.times, right.element.times)
      return (one.first ?? .min, one.last ?? .min, left.offset)
        < (other.first ?? .min, other.last ?? .min, right.offset)
    }.map(\.element)
    let all = try DataFrame.concatenating(inOrder.map(\.withoutIndex))
    let times = inOrder.flatMap(\.times)
    let isSorted = zip(times, times.dropFirst()).allSatisfy { $0 <= $1 }
    guard isSorted || merging else { return nil }
    let order = times.indices.sorted { (times[$0], $0) < (times[$1], $1) }
    return DataFrame(
      schema: first.schema, columns: all.gathering(order).columns, rowCount: all.rowCount)
  }
}

/// Which tokens were handed out, and what became of them.
struct SoakStaging {
  private(set) var waiting: [SoakPiece] = []
  private var consumed: Set<String> = []

  /// Some of a symbol's pieces, in any order.
  func draw(of symbol: String, using random: inout SeededGenerator) -> [SoakPiece] {
    let own = waiting.filter { $0.symbol == symbol }.shuffled(using: &random)
    return Array(own.prefix(Int.random(in: 1...4, using: &random)))
  }

  /// - Parameters:
  ///   - operations: of one round, each with its outcome.
  ///   - applied: those among them that made a version.
  mutating func settle(_ operations: [SoakOperation], applied: [SoakOperation]) throws {
    for operation in operations {
      guard case .commitStaged(let pieces, _, _) = operation.kind,
        case .failed(let error) = operation.outcome,
        error.code == .stagedPieceNotFound || error.code == .alreadyExists
      else { continue }
      let others = operations.filter { $0.touches(pieces) }
      guard others.count > 1 else {
        throw SoakHistory.Mismatch(message: "pieces \(pieces) were waiting, and then: \(error)")
      }
    }
    for operation in applied {
      guard case .commitStaged(let pieces, _, _) = operation.kind else { continue }
      for piece in pieces where !consumed.insert(piece.token).inserted {
        throw SoakHistory.Mismatch(message: "piece \(piece) is in two versions")
      }
    }
    for operation in operations {
      switch (operation.kind, operation.outcome) {
      case (.abandon(let pieces), _):
        // Where that failed, some may be there yet: nobody needs them.
        let tokens = Set(pieces.map(\.token))
        waiting.removeAll { tokens.contains($0.token) }
      case (.stage, .staged(let token)):
        waiting.append(SoakPiece(token: token, symbol: operation.symbol, frame: operation.frame))
      default: break
      }
    }
    waiting.removeAll { consumed.contains($0.token) }
  }
}

extension DataFrame {
  fileprivate var withoutIndex: DataFrame {
    DataFrame(schema: Schema(schema.fields), columns: columns, rowCount: rowCount)
  }
}

extension SoakOperation {
  /// Whether the operation may take any of these pieces away.
  fileprivate func touches(_ pieces: [SoakPiece]) -> Bool {
    switch kind {
    case .commitStaged(let own, _, _), .abandon(let own):
      own.contains { piece in pieces.contains { $0.token == piece.token } }
    default: false
    }
  }
}
