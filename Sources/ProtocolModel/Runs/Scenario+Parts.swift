import SternaBase
import VersionStore

/// What scenarios are put together from.
extension Scenario {
  static func writer(
    _ process: Int, _ operations: WriterPlan.Operation..., symbol: Int = 0, tokenCell: Int? = nil,
    readsExtrasFirst: Bool = false
  ) -> Process {
    .writer(
      Writer(
        process: process,
        plan: WriterPlan(
          symbol: symbol, operations: operations, readsExtrasFirst: readsExtrasFirst, tokenCell: tokenCell))
    )
  }

  static func pruner(_ process: Int, _ target: Pruner.Target, symbol: Int = 0) -> Process {
    .pruner(Pruner(process: process, symbol: symbol, target: target))
  }

  static func deleter(_ process: Int) -> Process { .deleter(SymbolDeleter(process: process, symbol: 0)) }

  static func collector(
    _ process: Int, symbol: Int = 0, roots: ClosedRange<Int>? = nil, rounds: Int = 1,
    pageSize: Int = 1_000
  ) -> Process {
    .collector(
      Collector(process: process, symbol: symbol, rootCells: roots, rounds: rounds, pageSize: pageSize))
  }

  static func snapshotter(_ process: Int, cell: Int, symbols: ClosedRange<Int> = 0...0) -> Process {
    .snapshotter(Snapshotter(process: process, cell: cell, symbols: symbols))
  }

  static func snapshotDeleter(_ process: Int, cell: Int) -> Process {
    .snapshotDeleter(SnapshotDeleter(process: process, cell: cell))
  }

  static func settler(_ process: Int, cell: Int) -> Process {
    .settler(SnapshotSettler(process: process, cell: cell))
  }

  static func stager(_ process: Int, rows: Int, cells: ClosedRange<Int>, handover: Int) -> Process {
    .stager(Stager(process: process, symbol: 0, rows: rows, cells: cells, handover: handover))
  }

  static func abandoner(_ process: Int, handover: Int) -> Process {
    .abandoner(Abandoner(process: process, handover: handover))
  }

  static func resolver(_ process: Int, handover: Int) -> Process {
    .resolver(Resolver(process: process, symbol: 0, handover: handover))
  }

  static let reader = Process.reader(Reader(symbol: 0))

  /// A symbol that already has versions, one per list of rows, committed under epoch 0 by nobody who acts.
  static func versions(_ rows: [[Int]], symbols: Range<Int> = 0..<1) -> Beginning {
    { universe in
      var cells: [Int: UInt32] = [:]
      var blocks: [UInt32] = []
      for symbol in symbols {
        let (document, reached) = makeRef(rows, symbol: symbol, in: universe)
        cells[symbol] = document
        blocks += reached
      }
      return (cells, Array(Set(blocks)))
    }
  }

  static func makeRef(
    _ rows: [[Int]], symbol: Int, in universe: Universe
  ) -> (document: UInt32, blocks: [UInt32]) {
    var state = RefState(symbol: "S\(symbol)", writeID: UniqueID(high: 0, low: 0))
    for (number, pieces) in rows.enumerated() {
      let segments = pieces.map { universe.block(symbol, epoch: 0, .segment($0)) }
      let root = universe.block(symbol, epoch: 0, .node(segments))
      let entry = VersionEntry(
        number: UInt64(number), commitID: UniqueID(high: UInt64(9) << 48 | UInt64(number), low: 0),
        time: Int64(number), operation: .write, content: universe.makeContent(root))
      state = state.appending(entry, writeID: UniqueID(high: 0, low: UInt64(number) + 1))
    }
    let document = universe.number(of: state)
    return (document, universe.roots(of: document, cell: symbol))
  }

  /// Blocks of earlier attempts that came to nothing.
  static func garbage(_ rows: [Int], beside beginning: @escaping Beginning) -> Beginning {
    { universe in
      let (cells, blocks) = beginning(universe)
      let left = rows.map { universe.block(0, epoch: 0, .segment($0)) }
      return (cells, Array(Set(blocks + left)))
    }
  }

  /// Version 0 of symbol 0, live in a snapshot, and pruned from the ref.
  static func snapshotOfPruned(cell: Int) -> Beginning {
    { universe in
      let (document, blocks) = makeRef([[1], [2]], symbol: 0, in: universe)
      guard var state = universe.ref(document), let content = state.recent[0].content
      else { preconditionFailure("a ref without its versions") }
      state.recent[0].content = nil
      let snapshot = SnapshotDocument(
        writeID: UniqueID(high: 0, low: 7), owner: UniqueID(high: UInt64(9) << 48, low: 0), phase: .live,
        members: [.init(cell: 0, version: 0, content: content)])
      return (
        [0: universe.number(of: state), cell: universe.number(of: .snapshot(snapshot))], blocks
      )
    }
  }
}
