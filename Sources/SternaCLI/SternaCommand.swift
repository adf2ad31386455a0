import ArgumentParser

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The program `sterna`: one subcommand a file in `Commands`.
@main
struct SternaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sterna",
    abstract: "A versioned database of data frames in any S3 bucket or folder, without a server.",
    discussion: """
      Examples:
        sterna import trades.csv.gz ./store market SPY --time time
        sterna cat ./store market SPY --since 2013-10-07T09:30:00 --until 2013-10-07T09:31:00
        sterna versions s3://bucket/prefix market SPY
        sterna doctor s3://bucket/prefix

      STORE is s3://bucket/prefix, a folder (./path, file:///path) or memory://name. With STERNA_STORE set \
      it can be left out. Credentials, region and endpoint of S3 come from the environment and profiles \
      that AWS's tools use.

      Data goes to stdout, messages and progress to stderr. Exit codes: 0 ok, 1 found problems, 2 usage, \
      3 not found, 4 conflict, 5 credentials, 6 unavailable, 7 corrupt, 8 unsupported store, \
      130 interrupted.
      """,
    version: ProductVersion.text,
    subcommands: [
      ImportCommand.self, ListCommand.self, InfoCommand.self, SchemaCommand.self, VersionsCommand.self,
      HeadCommand.self, TailCommand.self, CatCommand.self, InspectCommand.self, DoctorCommand.self,
      RestoreCommand.self, DeleteCommand.self, PruneCommand.self, SnapshotCommand.self, DiffCommand.self,
      CopyCommand.self, RenameCommand.self, StagedCommand.self, CommitCommand.self, AbandonCommand.self,
      ResolveCommand.self, CollectCommand.self, UsageCommand.self, VerifyCommand.self,
      CompletionCommand.self,
    ])

  static func main() async {
    let status = await CommandRun(arguments: Array(CommandLine.arguments.dropFirst())).run()
    endProcess(status)
  }
}

/// By a name of its own: inside a command `exit` is a method.
private func endProcess(_ status: Int32) -> Never { exit(status) }

enum ProductVersion {
  static let text = "0.1.0"
}
