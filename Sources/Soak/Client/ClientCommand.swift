import ArgumentParser
import Glibc
import Sterna
import SternaBase

/// A client process for tests that break its requests, or end it in the middle of one.
struct ClientCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "client", abstract: "Do what lines of JSON on stdin say, and answer each with a line.",
    discussion: """
      {"do": "append", "symbol": "S", "first": 10, "rows": 3}  ->  {"outcome": "ok", "version": 1}

      The server and its keys come from the environment, as AWS users know it.
      """)

  @Argument(help: "s3://bucket/prefix, or a folder.") var store: String
  @Argument var library: String

  @Option(help: "Rows per slice: few rows make a deep tree of little data.")
  var rowsPerSlice = 8

  @Option(help: "Milliseconds that an attempt may take, with 1 s of silence at most; else as every client.")
  var attemptMilliseconds: Int?

  @Flag(help: "Take a store without conditional writes.")
  var singleWriter = false

  func run() async throws {
    var options = StoreOptions()
    options.rowsPerSlice = rowsPerSlice
    options.allowsSingleWriter = singleWriter
    options.logger = .standardError
    var store = try await Store.open(store, options: options)
    if let attemptMilliseconds {
      store = try store.impatient(options, attemptMilliseconds: attemptMilliseconds)
    }
    let client = Client(store: store, libraryName: library, options: options)
    while let line = readLine() {
      print(try await client.answer(line).serialized())
      // Whoever waits for the answer reads it from a pipe.
      fflush(nil)
    }
  }
}
