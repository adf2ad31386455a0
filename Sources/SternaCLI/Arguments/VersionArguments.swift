import ArgumentParser
import Sterna

/// `--as-of VERSION|TIME`
struct VersionArguments: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "A version's number (-1 is the newest), or a time: the newest version of then.",
      valueName: "version|time"))
  var asOf: AsOf = .latest
}

extension AsOf: ExpressibleByArgument {
  /// A number is a version; everything else must be an instant.
  public init?(argument: String) {
    if let number = Int(argument) {
      self = .version(number)
    } else if let time = Timestamp(argument) {
      self = .time(time)
    } else {
      return nil
    }
  }

  public var defaultValueDescription: String { "latest" }
}
