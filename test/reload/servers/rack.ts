import type { Files } from "@deploy/testkit";

/** As `wsgi`, for Rack. */
export const rack: Files = {
  "config.ru": `release = File.read(File.join(__dir__, "RELEASE")).strip
long = Enumerator.new do |out|
  was = File.readlink("/srv/shop/current")
  out << "begun\\n"
  sleep 0.02 while File.readlink("/srv/shop/current") == was
  sleep 1
  out << "over\\n"
end
run ->(env) { [200, { "X-Release" => release }, env["PATH_INFO"] == "/long" ? long : [release + "\\n"]] }
`,
};

export const brokenRack: Files = { "config.ru": 'raise "broken"\n' };
