//! Writes kustomizations to measure builds with, for benches/kustomize.sh.
//!
//! `cargo bench --bench kustomize -- FOLDER LOAD NUMBER`, where LOAD is
//!
//! | load | what |
//! |---|---|
//! | `plain` | NUMBER objects, five an application, below an overlay that uses every kind of edit |
//! | `generated` | the same with ConfigMaps and a Secret that are generated |
//! | `crds` | NUMBER definitions of custom resources, 74 kB each, below an overlay with labels |
//!
//! The same load and number give the same bytes, on any machine.

#[path = "../../tests/random/mod.rs"]
mod random;

use random::Random;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

/// How many objects an application has.
const OBJECTS: usize = 5;
/// How many merge patches an overlay has.
const PATCHES: usize = 10;

/// A path below the load's folder, and a text.
type File = (String, String);

fn main() -> io::Result<()> {
    // Cargo adds `--bench`.
    let arguments: Vec<_> =
        std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let [folder, load, number] = &arguments[..] else {
        println!("usage: cargo bench --bench kustomize -- FOLDER plain|generated|crds NUMBER");
        return Ok(());
    };
    let number = number.parse().map_err(|_| io::Error::other("NUMBER is a number"))?;
    let files = match load.as_str() {
        "plain" => overlay(number, Maps::Plain),
        "generated" => overlay(number, Maps::Generated),
        "crds" => definitions(number),
        _ => return Err(io::Error::other("the load is plain, generated or crds")),
    };
    for (path, text) in files {
        let path = Path::new(folder).join(path);
        fs::create_dir_all(path.parent().expect("every path lies in the folder"))?;
        fs::write(path, text)?;
    }
    Ok(())
}

/// Where ConfigMaps come from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Maps {
    Plain,
    Generated,
}

fn overlay(number: usize, maps: Maps) -> Vec<File> {
    let applications = number.div_ceil(OBJECTS);
    let mut random = Random::new(number as u64);
    let mut files: Vec<File> = (0..applications)
        .map(|at| (format!("base/app-{at:05}.yaml"), application(at, maps, &mut random)))
        .collect();
    let mut base = "resources:\n".to_owned();
    for at in 0..applications {
        let _ = writeln!(base, "- app-{at:05}.yaml");
    }
    if maps == Maps::Generated {
        base.push_str("configMapGenerator:\n");
        for at in 0..applications {
            let _ =
                writeln!(base, "- name: app-{at:05}\n  literals: [LOG_LEVEL=info, PORT=8{at:05}]");
        }
    }
    let mut top = TOP.to_owned();
    if maps == Maps::Generated {
        top.push_str(GENERATORS);
    }
    top.push_str("patches:\n");
    let patches = PATCHES.min(applications);
    for at in 0..patches {
        let _ = writeln!(top, "- path: patch-{at}.yaml");
        files.push((format!("overlay/patch-{at}.yaml"), patch(at, &mut random)));
    }
    top.push_str(OPERATIONS);
    files.push(("base/kustomization.yaml".to_owned(), base));
    files.push(("overlay/kustomization.yaml".to_owned(), top));
    files
}

const TOP: &str = "\
resources: [../base]
namePrefix: prod-
namespace: shop
labels:
- pairs: {team: shop, env: prod}
  includeSelectors: true
commonAnnotations: {owner: shop@example.com}
images:
- {name: registry.example.com/app, newTag: 2.4.1}
- {name: registry.example.com/proxy, newName: registry.example.com/edge, newTag: 1.9.0}
replicas:
- {name: app-00000, count: 7}
";

const GENERATORS: &str = "\
configMapGenerator:
- name: settings
  literals: [REGION=eu-1, STAGE=prod]
secretGenerator:
- name: token
  literals: [TOKEN=only-for-measuring]
";

const OPERATIONS: &str = "\
- target: {kind: Deployment, name: 'app-0000[0-4]'}
  patch: |-
    - {op: add, path: /spec/template/spec/terminationGracePeriodSeconds, value: 45}
";

fn application(at: usize, maps: Maps, random: &mut Random) -> String {
    let name = format!("app-{at:05}");
    let port = 8000 + random.below(999);
    let data = match maps {
        Maps::Plain => format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata:\n  LOG_LEVEL: info\n  PORT: \"{port}\"\n---\n"
        ),
        // Five objects, whoever makes them.
        Maps::Generated => String::new(),
    };
    format!("{data}{}---\n{}", deployment(&name, port, random), around(&name))
}

fn deployment(name: &str, port: usize, random: &mut Random) -> String {
    format!(
        "apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
  labels:
    app: {name}
spec:
  replicas: {replicas}
  selector:
    matchLabels:
      app: {name}
  template:
    metadata:
      labels:
        app: {name}
    spec:
      serviceAccountName: {name}
      containers:
      - name: main
        image: registry.example.com/app:1.{minor}.0
        ports:
        - containerPort: {port}
          name: http
        env:
        - name: LOG_LEVEL
          valueFrom:
            configMapKeyRef:
              name: {name}
              key: LOG_LEVEL
        - name: POD_NAME
          valueFrom:
            fieldRef:
              fieldPath: metadata.name
        resources:
          requests:
            cpu: {cpu}m
            memory: {memory}Mi
          limits:
            memory: {memory}Mi
        readinessProbe:
          httpGet:
            path: /ready
            port: http
      - name: proxy
        image: registry.example.com/proxy:1.0.0
        args: [--listen=:9000, --to=localhost:{port}]
      volumes:
      - name: settings
        configMap:
          name: {name}
",
        replicas = 1 + random.below(5),
        minor = random.below(40),
        cpu = 50 + random.below(20) * 25,
        memory = 64 * (1 + random.below(16)),
    )
}

/// What goes along with each deployment.
fn around(name: &str) -> String {
    format!(
        "apiVersion: v1
kind: Service
metadata:
  name: {name}
spec:
  selector:
    app: {name}
  ports:
  - name: http
    port: 80
    targetPort: http
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {name}
automountServiceAccountToken: false
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: {name}
spec:
  rules:
  - host: {name}.example.com
    http:
      paths:
      - path: /
        pathType: Prefix
        backend:
          service:
            name: {name}
            port:
              name: http
"
    )
}

fn patch(at: usize, random: &mut Random) -> String {
    format!(
        "apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-{at:05}
spec:
  template:
    spec:
      containers:
      - name: main
        env:
        - name: STAGE
          value: prod
        resources:
          limits:
            memory: {}Mi
",
        512 * (1 + random.below(4))
    )
}

fn definitions(number: usize) -> Vec<File> {
    let mut files: Vec<File> =
        (0..number).map(|at| (format!("base/crd-{at:03}.yaml"), definition(at))).collect();
    let mut base = "resources:\n".to_owned();
    for at in 0..number {
        let _ = writeln!(base, "- crd-{at:03}.yaml");
    }
    let top = "resources: [../base]\nlabels:\n- pairs: {team: shop}\n";
    files.push(("base/kustomization.yaml".to_owned(), base));
    files.push(("overlay/kustomization.yaml".to_owned(), top.to_owned()));
    files
}

/// How many groups of fields a definition has; together 74 kB.
const GROUPS: usize = 67;

fn definition(at: usize) -> String {
    let mut text = format!(
        "apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: things{at}.example.com
spec:
  group: example.com
  names:
    kind: Thing{at}
    listKind: Thing{at}List
    plural: things{at}
    singular: thing{at}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties:
"
    );
    for group in 0..GROUPS {
        let _ = write!(
            text,
            "              group{group}:
                description: |-
                  What the controller does with this group of settings when it makes objects.
                  Changes of it take effect at the next round; objects that are there are changed in place.
                type: object
                required: [name, mode]
                properties:
                  name:
                    description: The name of an object in the same namespace, which must exist before.
                    type: string
                    minLength: 1
                    maxLength: 253
                  mode:
                    description: 'How it is used: once, or whenever it changes.'
                    type: string
                    enum: [Once, Always, Never]
                  limits:
                    type: array
                    items:
                      type: object
                      properties:
                        count: {{type: integer, format: int32, minimum: {group}}}
                        size: {{anyOf: [{{type: integer}}, {{type: string}}], x-kubernetes-int-or-string: true}}
"
        );
    }
    text
}
