import ArgumentParser
import Columnar
import Sterna

struct UsageCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "du", abstract: "Show what libraries, or the symbols of a library, take up in the store.",
    usage: "sterna du [STORE] [LIBRARY] [options]",
    discussion: """
      Examples:
        sterna du s3://bucket/prefix
        sterna du ./store market --format csv

      Counts what is listed: all versions, what snapshots hold, what is staged, and garbage. `gc` says how \
      much of it is garbage.
      """)

  @OptionGroup var place: LibraryArguments
  @OptionGroup var output: FormatArguments

  private struct Line {
    var name: String
    var objectCount = 0
    var byteCount = 0
    var segmentByteCount = 0
    var indexByteCount = 0
    var otherByteCount = 0

    mutating func add(_ use: SymbolUse) {
      objectCount += use.objectCount
      byteCount += use.byteCount
      segmentByteCount += use.segmentByteCount
      indexByteCount += use.indexByteCount
      otherByteCount += use.otherByteCount
    }
  }

  func run() async throws {
    let store = try await place.open()
    guard let name = try place.place().library else {
      var lines: [Line] = []
      for library in try await store.libraries() {
        var line = Line(name: library)
        for use in try await store.library(library).storageUse().symbols { line.add(use) }
        lines.append(line)
      }
      return try await print(lines, title: "library")
    }
    let lines = try await store.library(name).storageUse().symbols.map { use in
      var line = Line(name: use.symbol)
      line.add(use)
      return line
    }
    try await print(lines, title: "symbol")
  }

  private func print(_ lines: [Line], title: String) async throws {
    func column(_ count: KeyPath<Line, Int>) -> Column {
      .int64s(lines.map { Int64($0[keyPath: count]) })
    }
    try await FrameOutput(format: output.format).print(
      try DataFrame([
        (title, .strings(lines.map(\.name))), ("objects", column(\.objectCount)),
        ("bytes", column(\.byteCount)), ("data", column(\.segmentByteCount)),
        ("index", column(\.indexByteCount)), ("other", column(\.otherByteCount)),
      ]), hasNames: true)
  }
}
