import ArgumentParser
import Sterna

/// `--as-of VERSION|TIME|SNAPSHOT`
struct VersionArguments: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "A version's number (-1 is the newest), a time: the newest version of then, or a snapshot's name.",
      valueName: "version|time|snapshot"))
  var asOf: AsOf = .latest
}

extension AsOf: ExpressibleByArgument {
  /// A number is a version, what reads as an instant is one, and everything else is the name of a snapshot.
  public init?(argument: String) {
    if let number = Int(argument) {
      self = .version(number)
    } else if let time = Timestamp(argument) {
      self = .time(time)
    } else if !argument.isEmpty {
      self = .snapshot(argument)
    } else {
      return nil
    }
  }

  public var defaultValueDescription: String { "latest" }
}
